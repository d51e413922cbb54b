namespace Rollcall.Sending;

/// <summary>
/// How late after its slot a request may leave. On a busy machine waits end late, each by a different time. If each request may be late by
/// a fraction of a second, the slots are spaced for fewer per second, so that no second has more requests than the rate allows.
/// </summary>
sealed class Punctuality
{
    static readonly TimeSpan Least = TimeSpan.FromMilliseconds(25);
    static readonly TimeSpan Most = TimeSpan.FromMilliseconds(500);

    readonly Lock gate = new();
    TimeSpan tolerance = Least;

    /// <summary>How late a request may leave in a slot that is taken now.</summary>
    public TimeSpan Tolerance
    {
        get
        {
            lock (gate)
            {
                return tolerance;
            }
        }
    }

    /// <summary>The distance between such slots.</summary>
    public static TimeSpan SpacingOf(double ratePerSecond, TimeSpan tolerance) =>
        TimeSpan.FromTicks((long)Math.Ceiling((1 + tolerance.TotalSeconds) / ratePerSecond * TimeSpan.TicksPerSecond));

    /// <summary>Records how late a wait for a slot ended.</summary>
    public void Note(TimeSpan late)
    {
        lock (gate)
        {
            // Up at once, with room for the next one, and down slowly.
            var wanted = late > tolerance ? 1.5 * late : tolerance - ((tolerance - Least) / 50);
            tolerance = TimeSpan.FromTicks(Math.Clamp(wanted.Ticks, Least.Ticks, Most.Ticks));
        }
    }
}
