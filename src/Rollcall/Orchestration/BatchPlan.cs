using System.Globalization;
using Rollcall.Batches;
using Rollcall.Progress;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="BatchOrchestrator"/>: no payload, header or secret is ever in an orchestration's history.</summary>
public sealed record BatchPlan
{
    const int FewestShards = 3;

    // Each that is live costs its host an orchestration in memory.
    const int MostSparseShards = 8;

    /// <summary>The batch.</summary>
    public required string BatchId { get; init; }

    /// <summary>Which time its items are sent, from 1.</summary>
    public required int Run { get; init; }

    /// <summary>How many items it has.</summary>
    public required long ItemCount { get; init; }

    /// <summary>How many items every shard but the last has.</summary>
    public required int ItemsPerShard { get; init; }

    /// <summary>How many shards are live at once.</summary>
    public required int ShardsAtOnce { get; init; }

    /// <summary>How many items are live at once, in all of them.</summary>
    public required int ItemsAtOnce { get; init; }

    /// <summary>How many items of a batch the host lets live at once, whatever the batch asks for.</summary>
    public required int LiveItems { get; init; }

    /// <summary>The version of the batch's control that this is planned by.</summary>
    public int ControlVersion { get; init; }

    /// <summary>When the first item may be sent; null for at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>How many requests are sent a second at the most; null for no limit.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>How many items may fail; null for no bound.</summary>
    public long? FailureLimit { get; init; }

    /// <summary>Whether somebody is told when the run is sealed.</summary>
    public bool HasNotice { get; init; }

    /// <summary>The name of this run where it takes up what another left; null in a batch's first run.</summary>
    public string? Repair { get; init; }

    /// <summary>The first shard of this generation.</summary>
    public int NextShard { get; init; }

    /// <summary>What the shards before it came to; null where there are none.</summary>
    public BatchTally? Tally { get; init; }

    /// <summary>How many items failed in this run, up to this generation.</summary>
    public long Failures { get; init; }

    /// <summary>Why no item is sent any more; null while they are.</summary>
    public BatchStop? Stop { get; init; }

    /// <summary>
    /// Plans a run that never has more items live than the batch's concurrency. A live item has an activity that runs or waits in a
    /// queue, so the bound holds across all instances of a host without a counter that they share.
    /// </summary>
    /// <param name="control">What was changed of it.</param>
    /// <param name="liveItems">How many items of a batch the host lets live at once, whatever the batch asks for.</param>
    /// <returns>The input of the batch's orchestration.</returns>
    public static BatchPlan Of(BatchManifest manifest, BatchControl control, int liveItems) => new BatchPlan
    {
        BatchId = manifest.Id,
        Run = control.Run,
        ItemCount = manifest.ItemCount,
        ItemsPerShard = manifest.ItemsPerShard,
        ShardsAtOnce = 0,
        ItemsAtOnce = 0,
        LiveItems = liveItems,
        StartAt = control.Run == 1 ? manifest.StartAt : null,
        HasNotice = manifest.OnCompleted is not null,
        Stop = control.Stop,
    }.With(control);

    /// <summary>The plan with the bounds of a control.</summary>
    public BatchPlan With(BatchControl control)
    {
        int atOnce = Math.Min(control.Concurrency, LiveItems);

        // While one waits for its last items, or is written, the others go on.
        int shards = Math.Max(FewestShards, (atOnce + ItemsPerShard - 1) / ItemsPerShard);
        return this with
        {
            ControlVersion = control.Version,
            ItemsAtOnce = atOnce,
            ShardsAtOnce = Math.Min(Math.Min(shards, atOnce), ShardCount()),
            RatePerSecond = control.RatePerSecond,
            FailureLimit = control.FailureLimit,
        };
    }

    /// <summary>Makes it the plan of a run that leaves out the shards whose results are written by then.</summary>
    /// <returns>The plan, under a name that no other run of the batch has.</returns>
    public BatchPlan AsRepair() => this with { Repair = Guid.NewGuid().ToString("N")[..8] };

    /// <summary>How many shards are live at once of a redrive, whose shards may have an item each to send.</summary>
    /// <param name="itemsLeft">How many items a shard has to send, on average.</param>
    /// <returns>The number of shards.</returns>
    public int SparseShardsAtOnce(double itemsLeft) =>
        Math.Max(ShardsAtOnce, Math.Min(Math.Min(MostSparseShards, ItemsAtOnce), (int)Math.Ceiling(ItemsAtOnce / itemsLeft)));

    /// <summary>How many shards there are.</summary>
    public int ShardCount() => (int)((ItemCount + ItemsPerShard - 1) / ItemsPerShard);

    /// <summary>The id of a shard's orchestration.</summary>
    /// <param name="shard">The shard, from 0.</param>
    /// <param name="round">How often it was run before in this run, as its results were lost.</param>
    /// <returns>An id of this run's own: a shard of an earlier run may still be live under its id, and report to that run.</returns>
    public string InstanceIdOf(int shard, int round = 0)
    {
        string repair = Repair is null ? "" : "." + Repair;
        string again = round == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $".again{round}");
        return string.Create(CultureInfo.InvariantCulture, $"{InstancePrefixOf(BatchId)}{shard}{repair}{again}");
    }

    /// <summary>
    /// What the ids of all of a batch's shards' orchestrations start with, and no others': no batch's id has a full stop.
    /// </summary>
    public static string InstancePrefixOf(string batchId) => $"{batchId}.";

    /// <summary>A shard's orchestration's input.</summary>
    /// <param name="shard">The shard, from 0.</param>
    /// <param name="lanes">The lanes that it has.</param>
    public ShardPlan ShardOf(int shard, LanePlan lanes)
    {
        long first = (long)shard * ItemsPerShard;
        int items = (int)Math.Min(ItemsPerShard, ItemCount - first);
        return new ShardPlan(BatchId, Run, shard, first, items, lanes);
    }
}

/// <summary>The input of <see cref="ShardOrchestrator"/>.</summary>
/// <param name="Run">Which time its items are sent, from 1.</param>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="FirstIndex">The index of the shard's first item.</param>
/// <param name="Items">How many items it has.</param>
/// <param name="Lanes">How many of them are live at once: each has a lane.</param>
public sealed record ShardPlan(string BatchId, int Run, int Shard, long FirstIndex, int Items, LanePlan Lanes);
