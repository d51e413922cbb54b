using Rollcall.Sqlite.Activities;
using Rollcall.Sqlite.Instances;
using Rollcall.Sqlite.Messages;
using Rollcall.Sqlite.Timers;

namespace Rollcall.Sqlite.Storage;

/// <summary>All tables of the file, and what the open transaction did to them. Used on the database's thread only.</summary>
sealed class Tables(DatabaseFile file)
{
    public InstanceStore Instances { get; } = new(file);

    public InstanceQueries Queries { get; } = new(file);

    public InboxStore Inbox { get; } = new(file);

    public ActivityStore Activities { get; } = new(file);

    public TimerStore Timers { get; } = new(file);

    public Changes Changes { get; } = new();

    /// <summary>Removes an instance and all that waits for it. Activities that were scheduled still run; nobody hears of their results.</summary>
    public void Remove(InstanceRow row)
    {
        Clear(row);
        Instances.Delete(row);
    }

    /// <summary>Drops what waits for an instance that has ended.</summary>
    public void Clear(InstanceRow row)
    {
        Inbox.Delete(row.Key);
        Timers.DeleteOf(row.Key);
        Changes.Remove(row.Key);
    }

    public void DeleteAll()
    {
        foreach (var table in (string[])["instances", "history", "inbox", "activities", "timers"])
            file.Run($"DELETE FROM {table}");
        Instances.Forget();
    }
}
