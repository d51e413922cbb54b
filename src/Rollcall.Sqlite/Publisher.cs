using Rollcall.Sqlite.Activities;
using Rollcall.Sqlite.Instances;
using Rollcall.Sqlite.Orchestrations;
using Rollcall.Sqlite.Storage;
using Rollcall.Sqlite.Tables;
using Rollcall.Sqlite.Timers;

namespace Rollcall.Sqlite;

/// <summary>Publishes what a transaction created, once it is committed.</summary>
sealed class Publisher : ITransactionObserver
{
    public required AllTables Tables { get; init; }

    public required Mailboxes Mailboxes { get; init; }

    public required InstanceWaiters Waiters { get; init; }

    public ActivityQueue? Activities { get; set; }

    public TimerQueue? Timers { get; set; }

    public void Committed()
    {
        var changes = Tables.Changes;
        foreach (long key in changes.Gone)
        {
            Mailboxes.Remove(key);
        }

        foreach (var delivery in changes.Delivered)
        {
            Mailboxes.Deliver(delivery);
        }

        foreach (var activity in changes.Activities)
        {
            Activities!.Add(activity);
        }

        if (changes.EarliestTimer is { } due)
        {
            Timers!.Add(due);
        }

        foreach (var state in changes.Ended)
        {
            Waiters.Ended(state);
        }

        changes.Clear();
    }

    public void RolledBack()
    {
        Tables.Changes.Clear();
        Tables.Instances.Forget();
    }

    public void Failed(SqliteStorageException exception)
    {
        Mailboxes.Ready.Fail(exception);
        Mailboxes.Pause();
        Activities!.Line.Fail(exception);
        Waiters.Fail(exception);
    }
}
