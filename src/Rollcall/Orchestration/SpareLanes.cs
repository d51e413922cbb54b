namespace Rollcall.Orchestration;

/// <summary>The event by which a shard that has no item left to begin leaves its batch the lanes that it has no use for any more.</summary>
/// <param name="InstanceId">The shard's orchestration.</param>
/// <param name="Use">How many lanes it goes on to use, from 1.</param>
public sealed record SpareLanes(string InstanceId, int Use)
{
    /// <summary>The event's name.</summary>
    public const string EventName = "spare-lanes";
}
