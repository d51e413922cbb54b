namespace Rollcall.Orchestration;

/// <summary>The event that gives a shard that runs other lanes than it began with.</summary>
/// <param name="Share">Its lanes.</param>
/// <param name="Lanes">How many lanes the batch has.</param>
public sealed record LanePlan(LaneShare Share, int Lanes)
{
    /// <summary>The event's name.</summary>
    public const string EventName = "lanes";
}
