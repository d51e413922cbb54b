namespace Rollcall.Sending;

/// <summary>
/// How late after its slot a request may leave. On a machine that is busy a wait ends late, each time by something else. Requests that are
/// each late by at most a part of a second fit into seconds in which there are that much fewer slots, so that no second has more than the
/// rate.
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

    /// <summary>How far such slots are apart.</summary>
    public static TimeSpan SpacingOf(double ratePerSecond, TimeSpan tolerance) =>
        TimeSpan.FromTicks((long)Math.Ceiling((1 + tolerance.TotalSeconds) / ratePerSecond * TimeSpan.TicksPerSecond));

    /// <summary>Notes how late a wait for a slot ended.</summary>
    public void Note(TimeSpan late)
    {
        lock (gate)
        {
            // Up at once, with room for the next one, and down slowly.
            var wanted = late > tolerance ? 1.5 * late : tolerance - ((tolerance - Least) / 50);
            tolerance = wanted < Least ? Least : wanted > Most ? Most : wanted;
        }
    }
}
