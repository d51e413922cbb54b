using System.Globalization;
using Rollcall.Batches;
using Rollcall.Progress;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="BatchOrchestrator"/>. An orchestration's history never contains a payload, header or secret.</summary>
public sealed record BatchPlan
{
    const int FewestShards = 3;

    // Each live shard costs its host an orchestration in memory.
    const int MostSparseShards = 8;

    /// <summary>The batch's id.</summary>
    public required string BatchId { get; init; }

    /// <summary>The number of the run, from 1.</summary>
    public required int Run { get; init; }

    /// <summary>The number of items in the batch.</summary>
    public required long ItemCount { get; init; }

    /// <summary>The number of items in every shard except the last.</summary>
    public required int ItemsPerShard { get; init; }

    /// <summary>How many shards are live at once.</summary>
    public required int ShardsAtOnce { get; init; }

    /// <summary>How many items are live at once, in all shards together.</summary>
    public required int ItemsAtOnce { get; init; }

    /// <summary>The host's limit on the live items of a batch, whatever the batch asks for.</summary>
    public required int LiveItems { get; init; }

    /// <summary>The version of the batch's control that the plan is based on.</summary>
    public int ControlVersion { get; init; }

    /// <summary>When the first item may be sent; null for immediately.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>The maximum number of requests per second; null for no limit.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>How many items may fail; null for no limit.</summary>
    public long? FailureLimit { get; init; }

    /// <summary>Whether somebody is notified when the run is sealed.</summary>
    public bool HasNotice { get; init; }

    /// <summary>The name of this run if it continues what another one left; null in a batch's first run.</summary>
    public string? Repair { get; init; }

    /// <summary>The first shard of this generation.</summary>
    public int NextShard { get; init; }

    /// <summary>The outcomes of the shards before it; null if there are none.</summary>
    public BatchTally? Tally { get; init; }

    /// <summary>The number of items that failed in this run before this generation.</summary>
    public long Failures { get; init; }

    /// <summary>Why no more items are sent; null while they are.</summary>
    public BatchStop? Stop { get; init; }

    /// <summary>
    /// Plans a run that never has more live items than the batch's concurrency. A live item has an activity that runs or waits in a queue,
    /// so the limit holds across all instances of a host without a shared counter.
    /// </summary>
    /// <param name="control">What was changed in the batch.</param>
    /// <param name="liveItems">The host's limit on the live items of a batch, whatever the batch asks for.</param>
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

    /// <summary>The plan with the limits of a control.</summary>
    public BatchPlan With(BatchControl control)
    {
        int atOnce = Math.Min(control.Concurrency, LiveItems);

        // While one shard waits for its last items, or is written, the others continue.
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

    /// <summary>Makes it the plan of a run that skips the shards whose results are already written.</summary>
    /// <returns>The plan, under a name that no other run of the batch has.</returns>
    public BatchPlan AsRepair() => this with { Repair = Guid.NewGuid().ToString("N")[..8] };

    /// <summary>How many shards of a redrive are live at once. Its shards may have as little as one item each to send.</summary>
    /// <param name="itemsLeft">How many items a shard has to send, on average.</param>
    public int SparseShardsAtOnce(double itemsLeft) =>
        Math.Max(ShardsAtOnce, Math.Min(Math.Min(MostSparseShards, ItemsAtOnce), (int)Math.Ceiling(ItemsAtOnce / itemsLeft)));

    /// <summary>The number of shards.</summary>
    public int ShardCount() => (int)((ItemCount + ItemsPerShard - 1) / ItemsPerShard);

    /// <summary>The id of a shard's orchestration.</summary>
    /// <param name="shard">The shard, from 0.</param>
    /// <param name="round">How often it was already run in this run because its results were lost.</param>
    /// <returns>An id unique to this run: a shard of an earlier run may still be live under its own id, and report to that run.</returns>
    public string InstanceIdOf(int shard, int round = 0)
    {
        string repair = Repair is null ? "" : "." + Repair;
        string again = round == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $".again{round}");
        return string.Create(CultureInfo.InvariantCulture, $"{InstancePrefixOf(BatchId)}{shard}{repair}{again}");
    }

    /// <summary>
    /// The common prefix of the ids of a batch's shard orchestrations. No other id has it, because no batch's id contains a full stop.
    /// </summary>
    public static string InstancePrefixOf(string batchId) => $"{batchId}.";

    /// <summary>The input of a shard's orchestration.</summary>
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
/// <param name="Run">The number of the run, from 1.</param>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="FirstIndex">The index of the shard's first item.</param>
/// <param name="Items">The number of its items.</param>
/// <param name="Lanes">How many of them are live at once: each has a lane.</param>
public sealed record ShardPlan(string BatchId, int Run, int Shard, long FirstIndex, int Items, LanePlan Lanes);
