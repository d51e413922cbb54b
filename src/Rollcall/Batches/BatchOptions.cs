namespace Rollcall.Batches;

/// <summary>How a batch is sent.</summary>
/// <remarks>The properties have setters, because source-generated JSON would give those with <c>init</c> no defaults.</remarks>
public sealed record BatchOptions
{
    /// <summary>How many items are in flight at once: 1 to 10,000.</summary>
    public int Concurrency { get; set; } = 64;

    /// <summary>The time limit of one attempt, from the connection to the last byte of the body, in seconds: above 0, at most 86,400.</summary>
    public double TimeoutSeconds { get; set; } = 100;

    /// <summary>The largest body that is an answer, in bytes, after decompression. A larger one is <c>body-too-large</c>.</summary>
    public long MaxBodyBytes { get; set; } = 100 * 1024 * 1024;

    /// <summary>Whether a redirect is followed, up to ten in a row. Where not, and as the default, it is the failure <c>redirect</c>.</summary>
    public bool FollowRedirects { get; set; }

    /// <summary>How many items an activity sends. This version knows 1 only.</summary>
    public int ItemsPerActivity { get; set; } = 1;

    /// <summary>
    /// How many requests are sent a second at the most, retries included, over all processes: above 0, at most 100,000; null for no bound.
    /// It is a bound and not a promise: <see cref="Concurrency"/> must be larger than the rate times the time of an answer, in seconds.
    /// </summary>
    public double? RatePerSecond { get; set; }

    /// <summary>
    /// How many items may fail: 0 or more; one more ends the batch early as <c>failed</c>. Null for no bound. It is looked at as items
    /// end, so that the items in flight by then, and those of the other shards that are live, may fail too.
    /// </summary>
    public long? MaxFailedItems { get; set; }

    /// <summary>As <see cref="MaxFailedItems"/>, in percent of all items: 0 to 100. Where both are set, the stricter one counts.</summary>
    public double? MaxFailedPercent { get; set; }

    /// <summary>
    /// The time in which items may be sent, in seconds: above 0, at most 31,622,400 (366 days); null for no bound. It begins with the
    /// request, or with the batch's start where that is later. What was not sent by then is <c>expired</c>.
    /// </summary>
    public double? DeadlineSeconds { get; set; }

    /// <summary>When an item is sent again.</summary>
    public RetryOptions Retry { get; set; } = new();

    /// <summary>Says what is wrong with the options.</summary>
    /// <returns>One sentence that names the field and what is allowed, or null where all are in range.</returns>
    public string? FindError()
    {
        if (Concurrency is < 1 or > 10_000)
        {
            return $"concurrency is {Concurrency}: 1 to 10000 is allowed.";
        }

        if (TimeoutSeconds is not (> 0 and <= 86_400))
        {
            return $"timeoutSeconds is {TimeoutSeconds}: above 0 and up to 86400 is allowed.";
        }

        if (MaxBodyBytes is < 1 or > int.MaxValue)
        {
            return $"maxBodyBytes is {MaxBodyBytes}: 1 to {int.MaxValue} is allowed.";
        }

        if (Retry.MaxAttempts is < 1 or > 100)
        {
            return $"retry.maxAttempts is {Retry.MaxAttempts}: 1 to 100 is allowed.";
        }

        if (RatePerSecond is { } rate and not (> 0 and <= 100_000))
        {
            return $"ratePerSecond is {rate}: above 0 and up to 100000, or null, is allowed.";
        }

        // Part of the contract, so that a request which spells out the defaults is taken; a value that would be ignored is not.
        if (ItemsPerActivity != 1)
        {
            return $"itemsPerActivity is {ItemsPerActivity}: this version sends one item an activity, so only 1 is allowed.";
        }

        if (MaxFailedItems is < 0)
        {
            return $"maxFailedItems is {MaxFailedItems}: 0 or more, or null, is allowed.";
        }

        if (MaxFailedPercent is { } percent and not (>= 0 and <= 100))
        {
            return $"maxFailedPercent is {percent}: 0 to 100, or null, is allowed.";
        }

        if (DeadlineSeconds is { } deadline and not (> 0 and <= 31_622_400))
        {
            return $"deadlineSeconds is {deadline}: above 0 and up to 31622400, or null, is allowed.";
        }

        return Retry.FirstDelaySeconds is >= 0 and <= 3600 && Retry.MaxDelaySeconds is >= 0 and <= 3600
            ? null
            : $"retry.firstDelaySeconds is {Retry.FirstDelaySeconds} and retry.maxDelaySeconds {Retry.MaxDelaySeconds}: 0 to 3600 is allowed.";
    }
}
