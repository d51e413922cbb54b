using Rollcall.Batches;

namespace Rollcall.Notices;

/// <summary>
/// When a notice that was not accepted is sent again: after the delays of the example in Standard Webhooks 1.0, for a day from the first
/// attempt. The last attempt is at the end of the day.
/// </summary>
static class NoticeSchedule
{
    // The random part of a wait, so that notices that failed in the same outage of a receiver do not all come back at once.
    const double Jitter = 0.1;

    static readonly TimeSpan Whole = TimeSpan.FromDays(1);

    static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
    ];

    /// <summary>The wait before the next attempt.</summary>
    /// <param name="attempts">The attempts made, at least one.</param>
    /// <param name="asked">The wait that the receiver asked for. It is used if it is longer than the delay.</param>
    /// <param name="random">A random number from 0 up to 1.</param>
    /// <returns>The wait, or null if the day is over.</returns>
    public static TimeSpan? WaitAfter(IReadOnlyList<NoticeAttempt> attempts, DateTimeOffset now, TimeSpan? asked, double random)
    {
        var left = attempts[0].At + Whole - now;
        if (left <= TimeSpan.Zero)
        {
            return null;
        }

        var delay = Delays[Math.Min(attempts.Count, Delays.Length) - 1];
        var wait = (asked > delay ? asked.Value : delay) + (delay * Jitter * random);
        return wait < left ? wait : left;
    }
}
