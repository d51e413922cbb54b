using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Sending;

/// <summary>When a failed attempt is repeated, and after how long.</summary>
static class RetryPlan
{
    /// <summary>The longest wait that holds a slot. A longer one is a durable timer of the orchestration.</summary>
    public static readonly TimeSpan LongestHeldWait = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait that a target can ask for. If it asks for more, the item is sent again after this time.</summary>
    public static readonly TimeSpan LongestAskedWait = TimeSpan.FromHours(1);

    // Refusals are not counted, so nothing but the waits keeps them few.
    static readonly TimeSpan ShortestWaitOfRefused = TimeSpan.FromSeconds(0.1);

    // RFC 9110, section 15: 408 and 425 ask for another attempt; 502 and 504 describe a transient state; 500 usually is transient. 520 to
    // 524 are what Cloudflare responds in the place of a server that it cannot reach (Cloudflare docs, "5xx errors").
    static readonly int[] PassingStatuses = [408, 425, 500, 502, 504, 520, 521, 522, 523, 524];

    static readonly ItemErrorCode[] PassingErrors = [
        ItemErrorCode.Connect, ItemErrorCode.Dns, ItemErrorCode.NoResponse, ItemErrorCode.BodyIncomplete, ItemErrorCode.Timeout];

    /// <summary>Whether a failure is transient and the batch's options allow another attempt.</summary>
    public static bool IsPassing(ItemOutcome outcome, RetryOptions options) =>
        outcome.Error is { } error
            && (options.OnTimeout || error.Code != ItemErrorCode.Timeout)
            && (PassingErrors.Contains(error.Code)
                || (error.Code == ItemErrorCode.HttpStatus
                    && (ItemOutcome.IsRefusal(outcome.HttpStatus) || PassingStatuses.Contains(outcome.HttpStatus.GetValueOrDefault()))));

    /// <summary>The wait before the next attempt after a transient failure.</summary>
    /// <param name="log">All attempts, of which the last one failed.</param>
    /// <param name="patience">How long refusals are waited out, from the first one.</param>
    /// <param name="asked">The wait that the target asked for.</param>
    /// <param name="random">A random number from 0 up to 1.</param>
    /// <returns>The wait; null if there is no next attempt.</returns>
    public static TimeSpan? FindWait(
        RetryOptions options, AttemptLog log, TimeSpan patience, TimeSpan? asked, DateTimeOffset now, double random)
    {
        var last = log.All[^1];
        if (!last.IsRefused)
        {
            return log.Counted < options.MaxAttempts ? WaitAfter(options, log.Made, asked, random) : null;
        }

        // While nobody is there nobody is bothered, so the backoff stays as it is, to notice soon when somebody is.
        var wait = WaitAfter(options, last.IsUnanswered ? 1 : log.Made, asked, random);
        wait = wait > ShortestWaitOfRefused ? wait : ShortestWaitOfRefused;
        var left = log.RefusedSince!.Value + patience - now;
        return left <= TimeSpan.Zero ? null : left < wait ? left : wait;
    }

    /// <summary>
    /// The wait before the next attempt: what the target asked for, or else full jitter, a random wait below an exponential limit, which
    /// spreads the retries of many items best (M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015). A wait that the
    /// target asked for gets up to half of it added, so that items that were all given the same wait are not all sent at the same time.
    /// </summary>
    /// <param name="attemptsMade">The number of attempts made, at least 1.</param>
    /// <param name="asked">The wait that the target asked for.</param>
    /// <param name="random">A random number from 0 up to 1.</param>
    public static TimeSpan WaitAfter(RetryOptions options, int attemptsMade, TimeSpan? asked, double random)
    {
        double most = Math.Min(options.MaxDelaySeconds, options.FirstDelaySeconds * Math.Pow(2, attemptsMade - 1));
        if (asked is not { } stated)
        {
            return TimeSpan.FromSeconds(random * most);
        }

        var wait = stated > LongestAskedWait ? LongestAskedWait : stated;
        return wait + TimeSpan.FromSeconds(random * Math.Min(most, wait.TotalSeconds / 2));
    }
}
