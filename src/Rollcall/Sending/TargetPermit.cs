namespace Rollcall.Sending;

/// <summary>The permit to send one request to a target, or the wait until one is worth asking for again.</summary>
/// <param name="Generation">How often the target had been slowed down for when the permit was given.</param>
/// <param name="Wait">How long to wait before asking again; null where the permit is given.</param>
readonly record struct TargetPermit(int Generation, TimeSpan? Wait)
{
    /// <summary>No permit, but a wait.</summary>
    public static TargetPermit After(TimeSpan wait) => new(0, wait);
}
