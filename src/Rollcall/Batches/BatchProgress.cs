using Rollcall.Items;

namespace Rollcall.Batches;

/// <summary>
/// What this process has seen of a running batch, for showing it to a person. It is not the record: that is in the store and the
/// receipt. Counts never go down.
/// </summary>
public sealed class BatchProgress
{
    readonly Lock gate = new();
    readonly OutcomeCounts counts = new();
    readonly Dictionary<int, int> liveShards = [];
    readonly HashSet<int> foundShards = [];
    long bytes;

    /// <summary>Takes in a shard whose results an earlier run of the process has written.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="shardCounts">Its outcomes.</param>
    public void ShardFound(int shard, OutcomeCounts shardCounts)
    {
        lock (gate)
        {
            counts.Add(shardCounts);
            foundShards.Add(shard);
        }
    }

    /// <summary>An item's activity has its outcome.</summary>
    /// <param name="shard">The item's shard.</param>
    /// <param name="outcome">The outcome.</param>
    public void ItemEnded(int shard, ItemOutcome outcome)
    {
        lock (gate)
        {
            counts.Add(outcome.Status, outcome.HttpStatus, outcome.Error?.Code);
            liveShards[shard] = liveShards.GetValueOrDefault(shard) + 1;
            bytes += outcome.Body?.Bytes ?? 0;
        }
    }

    /// <summary>A shard's results are written. Outcomes that an earlier run of the process recorded are counted now.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="outcomes">Its outcomes.</param>
    public void ShardWritten(int shard, IReadOnlyList<ItemOutcome> outcomes)
    {
        lock (gate)
        {
            if (foundShards.Contains(shard))
            {
                return;
            }

            liveShards.Remove(shard, out int seen);
            for (int i = 0; i < outcomes.Count - seen; i++)
            {
                counts.Add(outcomes[i].Status, outcomes[i].HttpStatus, outcomes[i].Error?.Code);
            }
        }
    }

    /// <summary>The counts up to now.</summary>
    /// <returns>A copy, and the bytes of the bodies that this process received.</returns>
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
