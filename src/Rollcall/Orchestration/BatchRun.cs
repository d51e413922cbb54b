using Rollcall.Batches;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="BatchOrchestrator"/>: no payload, header or secret is ever in an orchestration's history.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="ItemCount">How many items it has.</param>
/// <param name="ItemsPerShard">How many items every shard but the last has.</param>
/// <param name="ShardsAtOnce">How many shards are live at once.</param>
/// <param name="ItemsAtOnce">How many items are live at once, in all of them: at least one each.</param>
/// <param name="NextShard">The first shard of this generation.</param>
/// <param name="Counts">The outcomes of the shards before it; null where there are none.</param>
/// <param name="Repair">The name of this run where it takes up what another left; null in a batch's first run.</param>
public sealed record BatchRun(
    string BatchId,
    long ItemCount,
    int ItemsPerShard,
    int ShardsAtOnce,
    int ItemsAtOnce,
    int NextShard = 0,
    OutcomeCounts? Counts = null,
    string? Repair = null)
{
    const int FewestShards = 2;

    /// <summary>
    /// Plans a run that never has more items live than the batch's concurrency. A live item has an activity that runs or waits in a
    /// queue, so the bound holds across all instances of a host without a counter that they share.
    /// </summary>
    /// <param name="manifest">The batch.</param>
    /// <param name="liveItems">How many items of a batch the host lets live at once, whatever the batch asks for.</param>
    /// <returns>The input of the batch's orchestration.</returns>
    public static BatchRun Plan(BatchManifest manifest, int liveItems)
    {
        int atOnce = Math.Min(manifest.Options.Concurrency, liveItems);

        // Of two shards one can go on while the other waits for its last items.
        int shards = Math.Max(FewestShards, (atOnce + manifest.ItemsPerShard - 1) / manifest.ItemsPerShard);
        return new BatchRun(manifest.Id, manifest.ItemCount, manifest.ItemsPerShard, Math.Min(Math.Min(shards, atOnce), manifest.ShardCount()), atOnce);
    }

    /// <summary>Makes it a run that leaves out the shards whose results are written by then.</summary>
    /// <returns>The run, under a name that no other run of the batch has.</returns>
    public BatchRun AsRepair() => this with { Repair = Guid.NewGuid().ToString("N")[..8] };

    /// <summary>The id of a shard's orchestration.</summary>
    /// <param name="shard">The shard, from 0.</param>
    /// <returns>An id of this run's own: a shard of an earlier run may still be live under its id, and report to that run.</returns>
    public string InstanceIdOf(int shard) => Repair is null ? $"{BatchId}.{shard}" : $"{BatchId}.{shard}.{Repair}";

    /// <summary>A lane's part of <see cref="ItemsAtOnce"/>: the parts of all lanes together are the whole.</summary>
    /// <param name="lane">The lane, from 0.</param>
    /// <returns>How many items of the lane's shard are live at once.</returns>
    public int ItemsAtOnceIn(int lane) => (ItemsAtOnce / ShardsAtOnce) + (lane < ItemsAtOnce % ShardsAtOnce ? 1 : 0);

    /// <summary>The first item lane of a shard lane: those before it have the ones before.</summary>
    /// <param name="lane">The shard lane, from 0.</param>
    /// <returns>The item lane, from 0.</returns>
    public int FirstLaneOf(int lane) => (lane * (ItemsAtOnce / ShardsAtOnce)) + Math.Min(lane, ItemsAtOnce % ShardsAtOnce);
}
