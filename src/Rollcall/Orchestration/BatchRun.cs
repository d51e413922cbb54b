namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="BatchOrchestrator"/>: no payload, header or secret is ever in an orchestration's history.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="ItemCount">How many items it has.</param>
/// <param name="ItemsPerShard">How many items every shard but the last has.</param>
/// <param name="Lanes">How many shards are live at once.</param>
/// <param name="NextShard">The first shard of this generation.</param>
public sealed record BatchRun(string BatchId, long ItemCount, int ItemsPerShard, int Lanes, int NextShard = 0);
