namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="SelectItems"/>.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Run">The run that sends items again, from 2.</param>
/// <param name="Shard">The shard, from 0.</param>
public sealed record ShardAddress(string BatchId, int Run, int Shard);
