namespace Rollcall.Batches;

/// <summary>How a batch is sent.</summary>
/// <remarks>The properties have setters because source-generated JSON would not apply defaults to <c>init</c> properties.</remarks>
public sealed record BatchOptions
{
    /// <summary>How many items are in flight at once: 1 to 10,000.</summary>
    public int Concurrency { get; set; } = 64;

    /// <summary>
    /// The time limit of one attempt, from the connection to the last byte of the body, in seconds: above 0, at most 86,400.
    /// </summary>
    public double TimeoutSeconds { get; set; } = 100;

    /// <summary>The largest response body, in bytes after decompression. A larger one fails with <c>body-too-large</c>.</summary>
    public long MaxBodyBytes { get; set; } = 100 * 1024 * 1024;

    /// <summary>
    /// Whether redirects are followed, up to ten in a row. If not (the default), a redirect is the failure <c>redirect</c>.
    /// </summary>
    public bool FollowRedirects { get; set; }

    /// <summary>
    /// Whether a connection is used for more than one request. If not, every request has its own connection, over HTTP/1.1, so that data
    /// that arrives late on a connection cannot be taken for the response to the next request.
    /// </summary>
    public bool KeepAlive { get; set; } = true;

    /// <summary>How many items an activity sends. This version supports only 1.</summary>
    public int ItemsPerActivity { get; set; } = 1;

    /// <summary>
    /// The maximum number of requests per second, retries included, across all processes: above 0, at most 100,000; null for no limit. The
    /// rate is not guaranteed: to reach it, <see cref="Concurrency"/> must be larger than the rate times the response time in seconds.
    /// </summary>
    public double? RatePerSecond { get; set; }

    /// <summary>
    /// How many items may fail: 0 or more; one more ends the batch early as <c>failed</c>. Null for no limit. It is checked as items end,
    /// so items in flight at that time, and those of other active shards, may fail too.
    /// </summary>
    public long? MaxFailedItems { get; set; }

    /// <summary>As <see cref="MaxFailedItems"/>, in percent of all items: 0 to 100. If both are set, the stricter one counts.</summary>
    public double? MaxFailedPercent { get; set; }

    /// <summary>
    /// The time in which items may be sent, in seconds: above 0, at most 31,622,400 (366 days); null for no limit. It begins with the
    /// request, or with the batch's start if that is later. Items not sent by then are <c>expired</c>.
    /// </summary>
    public double? DeadlineSeconds { get; set; }

    /// <summary>
    /// Whether the batch pauses when the target's last 20 responses were all 401 or 403, so that wrong credentials do not become the
    /// outcome of every item. If not, each is its item's outcome.
    /// </summary>
    public bool PauseOnRefusal { get; set; } = true;

    /// <summary>Which responses are successes.</summary>
    public VerdictOptions Verdict { get; set; } = new();

    /// <summary>What the result lines have besides the outcomes.</summary>
    public RecordOptions Record { get; set; } = new();

    /// <summary>When an item is sent again.</summary>
    public RetryOptions Retry { get; set; } = new();

    /// <summary>Finds the first error in the options, for callers that can show only one.</summary>
    /// <returns>One sentence that names the option and what is allowed, or null if all are in range.</returns>
    public string? FindError() => FindErrors().FirstOrDefault()?.ToString();

    /// <summary>Finds all errors in the options.</summary>
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

/// <summary>When an item is sent again after a transient failure.</summary>
public sealed record RetryOptions
{
    /// <summary>
    /// The maximum number of attempts per item at which the target may have taken it: 1 to 100. Refusals (429, 503 and 529, and attempts
    /// that found nobody) do not count: see <see cref="MaxWaitSeconds"/>.
    /// </summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>
    /// The maximum of the first wait, in seconds. Each further maximum is twice the one before; the wait is random below it.
    /// </summary>
    public double FirstDelaySeconds { get; set; } = 1;

    /// <summary>The maximum of any wait, in seconds, unless the target asks for a longer one.</summary>
    public double MaxDelaySeconds { get; set; } = 60;

    /// <summary>
    /// How long an item that is refused is sent again, in seconds from its first refusal: 0 to 31,622,400 (366 days). At the end it is sent
    /// once more.
    /// </summary>
    public double MaxWaitSeconds { get; set; } = 3600;

    /// <summary>
    /// Whether attempts that time out are retried. The target may already have processed such a request, so turn this off if it must not
    /// process one twice and does not support <c>Idempotency-Key</c>.
    /// </summary>
    public bool OnTimeout { get; set; } = true;
}

/// <summary>An option whose value is not allowed.</summary>
/// <param name="Option">Its name in the options: <c>concurrency</c>, <c>retry.maxAttempts</c>.</param>
/// <param name="Message">The rest of a sentence whose subject is the name: "is 0: 1 to 10000 is allowed."</param>
public sealed record OptionError(string Option, string Message)
{
    /// <summary>The whole sentence.</summary>
    public override string ToString() => $"{Option} {Message}";
}
