using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.Extensions.Logging;
using Rollcall.Sqlite.Encoding;
using Rollcall.Sqlite.Messages;
using Rollcall.Sqlite.Storage;
using Rollcall.Sqlite.Tables;

namespace Rollcall.Sqlite.Activities;

/// <summary>
/// Gives activities to workers in the order in which they were recorded, and records their results. Only the next few thousand are in
/// memory.
/// </summary>
sealed class ActivityQueue
{
    const int MostResident = 4_096;

    readonly Lock gate = new();
    readonly Database database;
    readonly AllTables tables;
    readonly MessageRouter router;
    readonly Retries retries;
    readonly ILogger logger;
    long lastResident;
    bool hasMoreStored;
    bool isPaging;

    public ActivityQueue(Database database, AllTables tables, MessageRouter router, Retries retries, ILogger logger)
    {
        this.database = database;
        this.tables = tables;
        this.router = router;
        this.retries = retries;
        this.logger = logger;
        Line = new WorkLine<Activity>(Taken);
    }

    public WorkLine<Activity> Line { get; }

    /// <summary>The activities that workers are running.</summary>
    public InFlight Taken { get; } = new();

    /// <summary>Adds the activities that an earlier process recorded. Called on the database's thread.</summary>
    public void Recover()
    {
        hasMoreStored = true;
        ReadPage();
    }

    /// <summary>Adds an activity that was just committed. Called on the database's thread.</summary>
    public void Add(Activity activity)
    {
        lock (gate)
        {
            if (hasMoreStored || Line.Count >= MostResident)
            {
                hasMoreStored = true;
                return;
            }

            lastResident = activity.Number;
        }

        Line.Add(activity);
    }

    public async Task<ActivityWorkItem?> TakeAsync(CancellationToken cancellationToken)
    {
        if (await Line.TakeAsync(cancellationToken) is not { } activity)
        {
            return null;
        }

        ReadMore();
        return new ActivityWorkItem(activity);
    }

    public async Task CompleteAsync(ActivityWorkItem item, TaskMessage response)
    {
        long number = item.Activity.Number;
        var message = MessageEncoding.Encode(response);
        await database.Write(() =>
        {
            tables.Activities.Delete(number);
            router.Send(message);
            return true;
        });
        Taken.Leave();
    }

    public void Abandon(ActivityWorkItem item)
    {
        var activity = item.Activity;
        activity.Abandoned++;
        Log.ActivityAbandoned(
            logger,
            (activity.Message.Event as TaskScheduledEvent)?.Name,
            activity.Message.OrchestrationInstance.InstanceId,
            Retries.Delay(activity.Abandoned));
        Taken.Leave();
        retries.After(activity.Abandoned, () => Line.Add(activity));
    }

    void ReadMore()
    {
        lock (gate)
        {
            if (!hasMoreStored || isPaging || Line.Count > MostResident / 2)
            {
                return;
            }

            isPaging = true;
        }

        _ = database.Read(ReadPage);
    }

    bool ReadPage()
    {
        int room = MostResident - Line.Count;
        var page = tables.Activities.Page(lastResident, room);
        lock (gate)
        {
            isPaging = false;
            hasMoreStored = page.Count == room;
            if (page.Count > 0)
            {
                lastResident = page[^1].Number;
            }
        }

        foreach (var activity in page)
        {
            Line.Add(activity);
        }

        return hasMoreStored;
    }
}
