namespace Rollcall.Batches;

/// <summary>How a batch is sent.</summary>
/// <remarks>The properties have setters, because source-generated JSON would give those with <c>init</c> no defaults.</remarks>
public sealed record BatchOptions
{
    /// <summary>How many items are in flight at once: 1 to 10,000.</summary>
    public int Concurrency { get; set; } = 64;

    /// <summary>
    /// The time limit of one attempt, from the connection to the last byte of the body, in seconds: above 0, at most 86,400.
    /// </summary>
    public double TimeoutSeconds { get; set; } = 100;

    /// <summary>The largest body that is an answer, in bytes, after decompression. A larger one is <c>body-too-large</c>.</summary>
    public long MaxBodyBytes { get; set; } = 100 * 1024 * 1024;

    /// <summary>
    /// Whether a redirect is followed, up to ten in a row. Where not, and as the default, it is the failure <c>redirect</c>.
    /// </summary>
    public bool FollowRedirects { get; set; }

    /// <summary>
    /// Whether a connection is used for more than one request. Where not, every request has a connection of its own, over HTTP/1.1, so that
    /// nothing that comes late on one can be taken for the answer to the next request.
    /// </summary>
    public bool KeepAlive { get; set; } = true;

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

    /// <summary>Says one thing that is wrong with the options, for where there is room for one.</summary>
    /// <returns>One sentence that names the option and what is allowed, or null where all are in range.</returns>
    public string? FindError() => FindErrors().FirstOrDefault()?.ToString();

    /// <summary>Says all that is wrong with the options.</summary>
    /// <returns>Every option that is out of range, with what is allowed.</returns>
    public IEnumerable<OptionError> FindErrors()
    {
        foreach (var option in OptionField.All)
        {
            if (option.FindError(this) is { } error)
            {
                yield return new OptionError(option.Name, error);
            }
        }
    }
}

/// <summary>When an item whose attempt failed for a passing reason is sent again.</summary>
public sealed record RetryOptions
{
    /// <summary>How often an item is sent at the most, the first attempt included: 1 to 100.</summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>
    /// The upper bound of the first wait, in seconds. Each further bound is twice the one before; the wait is random below it.
    /// </summary>
    public double FirstDelaySeconds { get; set; } = 1;

    /// <summary>The upper bound of any wait, in seconds.</summary>
    public double MaxDelaySeconds { get; set; } = 60;

    /// <summary>
    /// Whether an attempt that ran out of time is made again. The target may have done its work by then, so where that must not happen
    /// twice and the target does not know <c>Idempotency-Key</c>, this is turned off.
    /// </summary>
    public bool OnTimeout { get; set; } = true;
}

/// <summary>An option that is not allowed.</summary>
/// <param name="Option">Its name in the options: <c>concurrency</c>, <c>retry.maxAttempts</c>.</param>
/// <param name="Message">The rest of a sentence whose subject is the name: "is 0: 1 to 10000 is allowed."</param>
public sealed record OptionError(string Option, string Message)
{
    /// <summary>The whole sentence.</summary>
    public override string ToString() => $"{Option} {Message}";
}
