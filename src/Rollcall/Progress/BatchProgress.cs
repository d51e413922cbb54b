using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Progress;

/// <summary>
/// What this process has seen of a running batch, to show it to a person. It is not the record, which is in the store and the receipt.
/// Counts never go down.
/// </summary>
public sealed class BatchProgress
{
    readonly Lock gate = new();
    readonly OutcomeCounts counts = new();
    readonly Dictionary<int, HashSet<long>> liveShards = [];
    readonly HashSet<int> countedShards = [];
    long bytes;

    /// <summary>Adds a shard whose results an earlier run of the process has written.</summary>
    public void ShardFound(int shard, OutcomeCounts shardCounts)
    {
        lock (gate)
        {
            if (countedShards.Add(shard))
            {
                counts.Add(shardCounts);
            }
        }
    }

    /// <summary>Adds the outcomes that a redrive of part of a batch keeps from the previous run.</summary>
    /// <param name="kept">The outcomes of the items that it does not send.</param>
    public void Kept(OutcomeCounts kept)
    {
        lock (gate)
        {
            counts.Add(kept);
        }
    }

    /// <summary>Adds the outcome of an item's activity. The platform may run an activity again, but the item is counted once.</summary>
    public void ItemEnded(int shard, ItemOutcome outcome)
    {
        lock (gate)
        {
            bytes += outcome.Body?.Bytes ?? 0;
            if (countedShards.Contains(shard))
            {
                return;
            }

            if (!liveShards.TryGetValue(shard, out var seen))
            {
                seen = liveShards[shard] = [];
            }

            if (seen.Add(outcome.Index))
            {
                counts.Add(outcome.Status, outcome.HttpStatus, outcome.Error?.Code);
            }
        }
    }

    /// <summary>Adds a shard whose results are written. Outcomes that an earlier run of the process recorded are counted now.</summary>
    public void ShardWritten(int shard, IReadOnlyList<ItemOutcome> outcomes)
    {
        lock (gate)
        {
            if (!countedShards.Add(shard))
            {
                return;
            }

            liveShards.Remove(shard, out var seen);
            foreach (var outcome in outcomes.Where(o => seen?.Contains(o.Index) != true))
            {
                counts.Add(outcome.Status, outcome.HttpStatus, outcome.Error?.Code);
            }
        }
    }

    /// <summary>The counts so far.</summary>
    /// <returns>A copy of the counts, and the number of body bytes that this process received.</returns>
    public (OutcomeCounts Counts, long Bytes) Snapshot()
    {
        lock (gate)
        {
            var copy = new OutcomeCounts();
            copy.Add(counts);
            return (copy, bytes);
        }
    }
}
