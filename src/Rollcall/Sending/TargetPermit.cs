using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>The permit to send one request to a target, or why there is none.</summary>
/// <param name="Generation">How often the target had been slowed down when the permit was given.</param>
/// <param name="Wait">How long to wait before asking again; null if the permit is given.</param>
/// <param name="Stop">Why it is never given; null if it may be.</param>
/// <param name="IsPaused">Whether the wait is for the end of a pause of the batch.</param>
readonly record struct TargetPermit(int Generation, TimeSpan? Wait, BatchStop? Stop = null, bool IsPaused = false)
{
    /// <summary>After how long a paused item asks again, if nobody resumes the batch before.</summary>
    public static readonly TimeSpan PauseWait = TimeSpan.FromMinutes(5);

    /// <summary>No permit yet: wait and ask again.</summary>
    public static TargetPermit After(TimeSpan wait) => new(0, wait);

    /// <summary>No permit, because the batch's rules allow none.</summary>
    public static TargetPermit Refused(SendRules rules) => new(0, rules.Stop is null ? PauseWait : null, rules.Stop, rules.Stop is null);
}
