namespace Rollcall.Sending;

/// <summary>
/// The moments at which one lane of a batch may send. The lanes share out the batch's moments in turn, so that all of them together keep
/// to its rate without a counter that they share, in however many processes they run. A moment that passes unused is not made up for.
/// </summary>
/// <param name="Origin">The moment of the first lane's first slot: the same for all lanes of a batch.</param>
/// <param name="RatePerSecond">How many slots all lanes together have in a second.</param>
/// <param name="Lane">The lane, from 0.</param>
/// <param name="Lanes">How many lanes there are.</param>
readonly record struct SendSlots(DateTimeOffset Origin, double RatePerSecond, int Lane, int Lanes)
{
    /// <summary>
    /// How late in a slot an item is still sent. Sends that are each at most this late put the slots of 1.025 s into a second at the most;
    /// the other half of the 5 % that a rate may be exceeded by is for the way to the target.
    /// </summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(25);

    /// <summary>The lane's first slot that is not over: one in the past is never given, so that no slot is used twice.</summary>
    /// <param name="now">The time.</param>
    /// <returns>When the slot begins, at <paramref name="now"/> or later.</returns>
    public DateTimeOffset NextAt(DateTimeOffset now)
    {
        double turn = Math.Max(0, Math.Ceiling((((now - Origin).TotalSeconds * RatePerSecond) - Lane) / Lanes));
        var slot = At(turn);

        // A rounding of the division must not give a slot that has begun.
        return slot < now ? At(turn + 1) : slot;
    }

    DateTimeOffset At(double turn) => Origin.AddTicks((long)Math.Ceiling(((turn * Lanes) + Lane) / RatePerSecond * TimeSpan.TicksPerSecond));
}
