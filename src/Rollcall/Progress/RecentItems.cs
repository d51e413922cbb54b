namespace Rollcall.Progress;

/// <summary>How many items ended in each of the last seconds, for the current rate.</summary>
public sealed class RecentItems
{
    /// <summary>How far back it counts, in seconds.</summary>
    public const int Seconds = 15;

    /// <summary>The items by second, in Unix time.</summary>
    public SortedDictionary<long, long> BySecond { get; init; } = [];

    /// <summary>Counts items that ended at a given time.</summary>
    public void Add(DateTimeOffset at, long items) => Add(at.ToUnixTimeSeconds(), items);

    /// <summary>Adds the items of another instance.</summary>
    public void Add(RecentItems other)
    {
        foreach (var (second, items) in other.BySecond)
        {
            Add(second, items);
        }
    }

    /// <summary>The average rate over the last seconds.</summary>
    /// <param name="since">When the items began to end, if that is later than the start of the counted period.</param>
    /// <returns>Items per second.</returns>
    public double PerSecond(DateTimeOffset now, DateTimeOffset since)
    {
        var start = now.AddSeconds(1 - Seconds);
        start = since > start ? since : start;
        double seconds = Math.Max(1, (now - start).TotalSeconds);
        long first = start.ToUnixTimeSeconds();
        return BySecond.Where(pair => pair.Key >= first).Sum(pair => pair.Value) / seconds;
    }

    void Add(long second, long items)
    {
        BySecond[second] = BySecond.GetValueOrDefault(second) + items;
        while (BySecond.Count > Seconds)
        {
            BySecond.Remove(BySecond.Keys.First());
        }
    }
}
