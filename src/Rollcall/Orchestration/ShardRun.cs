namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="ShardOrchestrator"/>.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Run">Which time its items are sent, from 1.</param>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="FirstIndex">The index of the shard's first item.</param>
/// <param name="Items">How many items it has.</param>
/// <param name="Lanes">How many of them are live at once: each has a lane.</param>
public sealed record ShardRun(string BatchId, int Run, int Shard, long FirstIndex, int Items, LanePlan Lanes);
