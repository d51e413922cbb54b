using DurableTask.Core;

namespace Rollcall.Sqlite.Tables;

/// <summary>What the open transaction did that others wait for. It is told to them after the commit, or forgotten.</summary>
sealed class Changes
{
    public List<Delivery> Delivered { get; } = [];

    public List<Activity> Activities { get; } = [];

    /// <summary>Keys of instances that no turn may be given out for any more.</summary>
    public List<long> Gone { get; } = [];

    public List<OrchestrationState> Ended { get; } = [];

    public DateTime? EarliestTimer { get; private set; }

    public void Remove(long key)
    {
        Delivered.RemoveAll(delivery => delivery.Key == key);
        Gone.Add(key);
    }

    public void AddTimer(DateTime due)
    {
        if (EarliestTimer is null || due < EarliestTimer)
            EarliestTimer = due;
    }

    public void Clear()
    {
        Delivered.Clear();
        Activities.Clear();
        Gone.Clear();
        Ended.Clear();
        EarliestTimer = null;
    }
}
