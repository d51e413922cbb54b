using DurableTask.Core;
using Rollcall.Sqlite.Encoding;

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

/// <summary>A message that was recorded in the inbox of an instance, of which turns are recorded or not.</summary>
readonly record struct Delivery(long Key, string InstanceId, bool HasHistory, InboxMessage Message);

/// <summary>A recorded activity that is to be run. Numbers grow in the order of recording.</summary>
sealed record Activity(long Number, TaskMessage Message)
{
    /// <summary>How often it was given back without a result.</summary>
    public int Abandoned { get; set; }
}
