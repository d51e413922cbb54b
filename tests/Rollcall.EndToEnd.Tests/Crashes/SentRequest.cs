using System.Diagnostics;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>A request as the target saw it. Times are timestamps of <see cref="Stopwatch"/>.</summary>
/// <param name="Arrived">When it was read whole.</param>
/// <param name="Act">What the target did with it.</param>
sealed record SentRequest(long Arrived, TargetAct Act)
{
    /// <summary>When the target was done with it; null while it is in flight.</summary>
    public long? Ended { get; set; }

    /// <summary>Whether all that the act sends was sent.</summary>
    public bool HasResponse { get; set; }

    /// <summary>Whether something was killed while it was in flight.</summary>
    public bool WasInFlightAtAKill { get; set; }
}
