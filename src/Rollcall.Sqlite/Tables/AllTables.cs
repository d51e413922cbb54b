using Rollcall.Sqlite.Storage;

namespace Rollcall.Sqlite.Tables;

/// <summary>All tables of the file, and what the open transaction did to them. Used on the database's thread only.</summary>
sealed class AllTables(DatabaseFile file)
{
    public InstanceStore Instances { get; } = new(file);

    public InstanceQueries Queries { get; } = new(file);

    public InboxStore Inbox { get; } = new(file);

    public ActivityStore Activities { get; } = new(file);

    public TimerStore Timers { get; } = new(file);

    public Changes Changes { get; } = new();

    /// <summary>
    /// Removes an instance and all that waits for it. Activities that were scheduled still run; nobody hears of their results.
    /// </summary>
    public void Remove(InstanceRow row)
    {
        Clear(row);
        Instances.Delete(row);
    }

    /// <summary>
    /// Takes messages out of an instance's inbox, up to one, and with them the sub-orchestrations that they tell the end of.
    /// </summary>
    public void TakeIn(long key, long message)
    {
        Inbox.DeleteUpTo(key, message);
        RemoveTold(key, message);
    }

    /// <summary>Drops what waits for an instance that has ended.</summary>
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
            Instances.Delete(child);
    }

    public void DeleteAll()
    {
        foreach (var table in (string[])["instances", "history", "inbox", "activities", "timers"])
            file.Run($"DELETE FROM {table}");
        Instances.Forget();
    }
}
