namespace Rollcall.Batches;

/// <summary>When an item whose attempt failed for a passing reason is sent again.</summary>
public sealed record RetryOptions
{
    /// <summary>How often an item is sent at the most, the first attempt included: 1 to 100.</summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>The upper bound of the first wait, in seconds. Each further bound is twice the one before; the wait is random below it.</summary>
    public double FirstDelaySeconds { get; set; } = 1;

    /// <summary>The upper bound of any wait, in seconds.</summary>
    public double MaxDelaySeconds { get; set; } = 60;

    /// <summary>
    /// Whether an attempt that ran out of time is made again. The target may have done its work by then, so where that must not happen twice
    /// and the target does not know <c>Idempotency-Key</c>, this is turned off.
    /// </summary>
    public bool OnTimeout { get; set; } = true;
}
