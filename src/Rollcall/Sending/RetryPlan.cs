using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Sending;

/// <summary>When an attempt that failed is made again, and after how long.</summary>
static class RetryPlan
{
    /// <summary>The longest wait that a slot is held for. A longer one is a durable timer of the orchestration's.</summary>
    public static readonly TimeSpan LongestHeldWait = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait that a target may ask for. One that asks for more is asked again after this.</summary>
    public static readonly TimeSpan LongestAskedWait = TimeSpan.FromHours(1);

    // RFC 9110, section 15: 408 and 425 ask for another attempt; 429, 502, 503 and 504 tell of a state that passes; 500 mostly does.
    static readonly int[] PassingStatuses = [408, 425, 429, 500, 502, 503, 504];

    static readonly ItemErrorCode[] PassingErrors = [
        ItemErrorCode.Connect, ItemErrorCode.Dns, ItemErrorCode.BodyIncomplete, ItemErrorCode.Timeout];

    /// <summary>Whether a failure may pass, and the batch lets it be tried again.</summary>
    public static bool IsPassing(ItemOutcome outcome, RetryOptions options) =>
        outcome.Error is { } error
            && (options.OnTimeout || error.Code != ItemErrorCode.Timeout)
            && (PassingErrors.Contains(error.Code)
                || (error.Code == ItemErrorCode.HttpStatus && PassingStatuses.Contains(outcome.HttpStatus.GetValueOrDefault())));

    /// <summary>
    /// The wait before the next attempt: what the target asked for, and otherwise full jitter, a random wait below an exponential bound,
    /// which spreads the retries of many items best (M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015). What is
    /// asked for has jitter on top, so that the items that were all told the same do not all come at once.
    /// </summary>
    /// <param name="attemptsMade">How many attempts were made, at least 1.</param>
    /// <param name="asked">What the target asked for.</param>
    /// <param name="random">A random number from 0 up to 1.</param>
    public static TimeSpan WaitAfter(RetryOptions options, int attemptsMade, TimeSpan? asked, double random)
    {
        var jitter = TimeSpan.FromSeconds(
            random * Math.Min(options.MaxDelaySeconds, options.FirstDelaySeconds * Math.Pow(2, attemptsMade - 1)));
        return asked is { } wait ? (wait < LongestAskedWait ? wait : LongestAskedWait) + jitter : jitter;
    }
}
