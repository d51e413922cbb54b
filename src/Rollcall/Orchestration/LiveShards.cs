namespace Rollcall.Orchestration;

/// <summary>The shards of a batch that are live, and how many items each may have live: the batch's lanes are dealt out to them.</summary>
sealed class LiveShards
{
    readonly SortedDictionary<int, Shard> live = [];
    Dictionary<int, int> shares = [];

    /// <summary>The orchestrations of those that are live, in the order of their lanes.</summary>
    public IEnumerable<string> InstanceIds => live.Values.Select(shard => shard.InstanceId);

    /// <summary>Those that are live.</summary>
    public IEnumerable<(int Lane, string InstanceId)> All => live.Select(shard => (shard.Key, shard.Value.InstanceId));

    /// <summary>How many items the shard in a lane of the batch's may have live.</summary>
    public int this[int lane] => shares[lane];

    /// <summary>Takes all lanes back, where no shard is live.</summary>
    public void Clear() => shares.Clear();

    /// <summary>Notes that a shard begins.</summary>
    /// <param name="lane">Its lane of the batch's.</param>
    /// <param name="items">How many items it has to send: it has a use for no more.</param>
    public void Begin(int lane, string instanceId, int items) => live[lane] = new Shard(instanceId, items);

    /// <summary>Notes that the shard in a lane has ended.</summary>
    public void End(int lane) => live.Remove(lane);

    /// <summary>Notes that a shard has no use for what it has.</summary>
    /// <returns>Whether that is news. It may come twice, late, and from a shard of another run.</returns>
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
    /// Deals items out to the shards that are live or begin next. Shards in lanes beyond those that the batch has now come first: they end,
    /// and are followed by none, where one of the others could keep them waiting to the batch's end.
    /// </summary>
    /// <param name="plan">How many items there are, and how many a shard has that begins.</param>
    /// <param name="shardsAtOnce">How many lanes the batch has.</param>
    /// <param name="toBegin">How many shards are left to begin.</param>
    /// <param name="isFewer">
    /// Whether there are fewer items than before. Otherwise a shard keeps what it has a use for: an item's lane is never in two shards.
    /// </param>
    /// <returns>Those that are live and have more than before.</returns>
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

/// <summary>The event by which a shard that has no item left to begin leaves its batch the lanes that it has no use for any more.</summary>
/// <param name="Use">How many lanes it goes on to use, from 1.</param>
public sealed record SpareLanes(string InstanceId, int Use)
{
    /// <summary>The event's name.</summary>
    public const string EventName = "spare-lanes";
}
