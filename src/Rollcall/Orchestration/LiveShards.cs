namespace Rollcall.Orchestration;

/// <summary>A batch's live shards, and how many items each may have live: the batch's lanes are distributed among them.</summary>
sealed class LiveShards
{
    readonly SortedDictionary<int, Shard> live = [];
    Dictionary<int, int> shares = [];

    /// <summary>The ids of the live shards' orchestrations, in the order of their lanes.</summary>
    public IEnumerable<string> InstanceIds => live.Values.Select(shard => shard.InstanceId);

    /// <summary>The live shards.</summary>
    public IEnumerable<(int Lane, string InstanceId)> All => live.Select(shard => (shard.Key, shard.Value.InstanceId));

    /// <summary>How many live items the shard in a lane of the batch may have.</summary>
    public int this[int lane] => shares[lane];

    /// <summary>Takes all lanes back when no shard is live.</summary>
    public void Clear() => shares.Clear();

    /// <summary>Records that a shard begins.</summary>
    /// <param name="lane">The lane of the batch that it is in.</param>
    /// <param name="items">The number of items it has to send, which is the most lanes it can use.</param>
    public void Begin(int lane, string instanceId, int items) => live[lane] = new Shard(instanceId, items);

    /// <summary>Records that the shard in a lane has ended.</summary>
    public void End(int lane) => live.Remove(lane);

    /// <summary>Records that a shard no longer needs all of its lanes.</summary>
    /// <returns>Whether that is new. The event may arrive twice, late, and from a shard of another run.</returns>
    public bool Leave(SpareLanes spare)
    {
        foreach (var (lane, shard) in live)
        {
            if (shard.InstanceId == spare.InstanceId && shard.Use > spare.Use)
            {
                live[lane] = shard with { Use = spare.Use };
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Distributes items among the shards that are live or begin next. Shards in lanes beyond those that the batch now has come first: they
    /// end and are not followed by others. If others came first, these shards could wait for lanes until the batch's end.
    /// </summary>
    /// <param name="plan">How many items there are, and how many a shard has when it begins.</param>
    /// <param name="shardsAtOnce">The number of the batch's lanes.</param>
    /// <param name="toBegin">The number of shards that have not begun.</param>
    /// <param name="isFewer">
    /// Whether there are fewer items than before. Otherwise a shard keeps what it can use: an item's lane is never in two shards.
    /// </param>
    /// <returns>The live shards that have more than before.</returns>
    public IReadOnlyList<(int Lane, string InstanceId)> Deal(BatchPlan plan, int shardsAtOnce, int toBegin, bool isFewer)
    {
        var before = shares;
        int[] beyond = [.. live.Keys.Where(lane => lane >= shardsAtOnce)];
        int[] order = [.. beyond, .. Enumerable.Range(0, shardsAtOnce).Where(lane => live.ContainsKey(lane) || toBegin-- > 0)];
        int[] most = [.. order.Select(lane => live.TryGetValue(lane, out var shard) ? shard.Use : plan.ItemsPerShard)];
        int[] kept = [.. order.Zip(most, (lane, use) => isFewer ? 0 : Math.Min(before.GetValueOrDefault(lane), use))];
        shares = order.Zip(LaneShare.Deal(plan.ItemsAtOnce, kept, most)).ToDictionary(share => share.First, share => share.Second);
        return [.. All.Where(shard => shares[shard.Lane] > before.GetValueOrDefault(shard.Lane))];
    }

    sealed record Shard(string InstanceId, int Use);
}

/// <summary>The event with which a shard that has no item left to begin returns the lanes that it no longer needs to its batch.</summary>
/// <param name="Use">How many lanes it still uses, from 1.</param>
public sealed record SpareLanes(string InstanceId, int Use)
{
    /// <summary>The event's name.</summary>
    public const string EventName = "spare-lanes";
}
