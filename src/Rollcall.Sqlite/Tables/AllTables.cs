using Rollcall.Sqlite.Storage;

namespace Rollcall.Sqlite.Tables;

/// <summary>All tables of the file, and the changes of the open transaction. Used only on the database's thread.</summary>
sealed class AllTables(DatabaseFile file)
{
    public InstanceStore Instances { get; } = new(file);

    public InstanceQueries Queries { get; } = new(file);

    public InboxStore Inbox { get; } = new(file);

    public ActivityStore Activities { get; } = new(file);

    public TimerStore Timers { get; } = new(file);

    public Changes Changes { get; } = new();

    /// <summary>
    /// Removes an instance and everything that waits for it. Scheduled activities still run, but their results are dropped.
    /// </summary>
    public void Remove(InstanceRow row)
    {
        Clear(row);
        Instances.Delete(row);
    }

    /// <summary>
    /// Removes messages from an instance's inbox, up to a given one, and the sub-orchestrations whose ends they report.
    /// </summary>
    public void TakeIn(long key, long message)
    {
        Inbox.DeleteUpTo(key, message);
        RemoveTold(key, message);
    }

    /// <summary>Removes what waits for an instance that has ended.</summary>
    public void Clear(InstanceRow row)
    {
        Inbox.Delete(row.Key);
        RemoveTold(row.Key, long.MaxValue);
        Timers.DeleteOf(row.Key);
        Changes.Remove(row.Key);
    }

    void RemoveTold(long parent, long message)
    {
        foreach (var child in Instances.FindTold(parent, message))
        {
            Instances.Delete(child);
        }
    }

    public void DeleteAll()
    {
        foreach (string table in (string[])["instances", "history", "inbox", "activities", "timers"])
        {
            file.Run($"DELETE FROM {table}");
        }

        Instances.Forget();
    }
}
