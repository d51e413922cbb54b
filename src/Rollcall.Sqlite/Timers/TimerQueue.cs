using Rollcall.Sqlite.Encoding;
using Rollcall.Sqlite.Messages;
using Rollcall.Sqlite.Storage;
using Rollcall.Sqlite.Tables;

namespace Rollcall.Sqlite.Timers;

/// <summary>Delivers timers when they are due. It sleeps until the next one; all others are only in the file.</summary>
sealed class TimerQueue : IDisposable
{
    const int MostAtOnce = 1_000;

    // Clocks can be set back and forth, and timers cannot sleep for months.
    static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);

    readonly Lock gate = new();
    readonly Database database;
    readonly AllTables tables;
    readonly MessageRouter router;
    readonly TimeProvider time;
    readonly ITimer alarm;
    DateTime? next;
    bool isDisposed;

    public TimerQueue(Database database, AllTables tables, MessageRouter router, TimeProvider time)
    {
        this.database = database;
        this.tables = tables;
        this.router = router;
        this.time = time;
        alarm = time.CreateTimer(static queue => ((TimerQueue)queue!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Makes sure that a newly committed timer is delivered in time.</summary>
    public void Add(DateTime due)
    {
        lock (gate)
        {
            if (isDisposed || due >= next)
            {
                return;
            }

            next = due;
            var sleep = due - time.GetUtcNow().UtcDateTime;
            alarm.Change(Alarm(sleep), Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
        }

        alarm.Dispose();
    }

    void Ring()
    {
        lock (gate)
        {
            if (isDisposed || database.Failure is not null)
            {
                return;
            }

            next = null;
            _ = database.Write(DeliverDue);
        }
    }

    bool DeliverDue()
    {
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var (number, instanceId, message) in tables.Timers.Due(now, MostAtOnce))
        {
            tables.Timers.Delete(number);
            if (message is not null)
            {
                router.Send(MessageEncoding.Decode(message));
            }
            else if (instanceId is not null)
            {
                router.SendScheduledStart(instanceId);
            }
        }

        if (tables.Timers.Next() is { } due)
        {
            tables.Changes.AddTimer(due);
        }

        return true;
    }

    // An alarm that fires a fraction of a millisecond early would find nothing due.
    static TimeSpan Alarm(TimeSpan sleep) =>
        TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(sleep.TotalMilliseconds), 0, LongestSleep.TotalMilliseconds));
}
