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

    /// <summary>How many items an activity sends. This version knows 1 only.</summary>
    public int ItemsPerActivity { get; set; } = 1;

    /// <summary>
    /// How many requests are sent a second at the most, retries included, over all processes: above 0, at most 100,000; null for no bound.
    /// It is a bound and not a promise: <see cref="Concurrency"/> must be larger than the rate times the time of an answer, in seconds.
    /// </summary>
    public double? RatePerSecond { get; set; }

    /// <summary>The number of failed items that ends the batch early. This version knows none, null, only.</summary>
    public long? MaxFailedItems { get; set; }

    /// <summary>The share of failed items, in percent, that ends the batch early. This version knows none, null, only.</summary>
    public double? MaxFailedPercent { get; set; }

    /// <summary>The time from the request to the end of sending, in seconds. This version knows none, null, only.</summary>
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

        if (FindUnknown() is { } name)
        {
            return $"{name} is set: this version does not know it, so only null is allowed.";
        }

        return Retry.FirstDelaySeconds is >= 0 and <= 3600 && Retry.MaxDelaySeconds is >= 0 and <= 3600
            ? null
            : $"retry.firstDelaySeconds is {Retry.FirstDelaySeconds} and retry.maxDelaySeconds {Retry.MaxDelaySeconds}: 0 to 3600 is allowed.";
    }

    string? FindUnknown() =>
        MaxFailedItems is not null ? "maxFailedItems"
        : MaxFailedPercent is not null ? "maxFailedPercent"
        : DeadlineSeconds is not null ? "deadlineSeconds"
        : null;
}
