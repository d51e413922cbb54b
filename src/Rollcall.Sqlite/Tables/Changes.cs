using DurableTask.Core;
using Rollcall.Sqlite.Encoding;

namespace Rollcall.Sqlite.Tables;

/// <summary>The changes of the open transaction that others wait for. They are published after the commit, or discarded.</summary>
sealed class Changes
{
    public List<Delivery> Delivered { get; } = [];

    public List<Activity> Activities { get; } = [];

    /// <summary>Keys of instances of which no more turns may be given out.</summary>
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
        {
            EarliestTimer = due;
        }
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

/// <summary>A message recorded in the inbox of an instance, and whether turns of the instance are recorded.</summary>
readonly record struct Delivery(long Key, string InstanceId, bool HasHistory, InboxMessage Message);

/// <summary>A recorded activity that waits to run. Numbers grow in the order of recording.</summary>
sealed record Activity(long Number, TaskMessage Message)
{
    /// <summary>How many times it was abandoned.</summary>
    public int Abandoned { get; set; }
}
