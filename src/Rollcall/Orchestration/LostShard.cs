namespace Rollcall.Orchestration;

/// <summary>A shard whose results are not what was recorded.</summary>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="Reason">How that was found.</param>
public sealed record LostShard(int Shard, string Reason);
