namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="ShardOrchestrator"/>.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="FirstIndex">The index of the shard's first item.</param>
/// <param name="Items">How many items it has.</param>
/// <param name="ItemsAtOnce">How many of them are live at once: each has a lane.</param>
/// <param name="FirstLane">The first of these lanes, among those of the batch.</param>
/// <param name="Lanes">How many lanes the batch has.</param>
public sealed record ShardRun(string BatchId, int Shard, long FirstIndex, int Items, int ItemsAtOnce, int FirstLane, int Lanes);
