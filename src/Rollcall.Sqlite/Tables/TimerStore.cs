using Rollcall.Sqlite.Storage;

namespace Rollcall.Sqlite.Tables;

/// <summary>The table `timers`: messages that are not due yet. Used only on the database's thread.</summary>
sealed class TimerStore
{
    readonly Statement insert;
    readonly Statement due;
    readonly Statement next;
    readonly Statement delete;
    readonly Statement deleteOfInstance;
    readonly Statement findStart;
    long lastNumber;

    public TimerStore(DatabaseFile file)
    {
        insert = file.Prepare("INSERT INTO timers (seq, due, instance, message) VALUES (?1, ?2, ?3, ?4)");
        due = file.Prepare("""
            SELECT t.seq, i.instance_id, t.message FROM timers AS t LEFT JOIN instances AS i ON i.key = t.instance
            WHERE t.due <= ?1 ORDER BY t.due, t.seq LIMIT ?2
            """);
        next = file.Prepare("SELECT due FROM timers ORDER BY due, seq LIMIT 1");
        delete = file.Prepare("DELETE FROM timers WHERE seq = ?1");
        deleteOfInstance = file.Prepare("DELETE FROM timers WHERE instance = ?1");
        findStart = file.Prepare("SELECT 1 FROM timers WHERE instance = ?1 AND message IS NULL");
        using var last = file.PrepareOnce("SELECT max(seq) FROM timers");
        lastNumber = last.ReadFirst(row => row.Number(0));
    }

    /// <summary>Records a message for later. A message without content is the start of the instance.</summary>
    public void Insert(long key, DateTime dueAt, byte[]? message) =>
        insert.Bind(1, ++lastNumber).Bind(2, dueAt.Ticks).Bind(3, key).Bind(4, message).Run();

    public List<(long Number, string? InstanceId, byte[]? Message)> Due(DateTime now, int most) =>
        due.Bind(1, now.Ticks).Bind(2, most).Read(row => (row.Number(0), row.Text(1), row.Bytes(2)));

    public DateTime? Next()
    {
        long? ticks = next.ReadFirst(row => (long?)row.Number(0));
        return ticks is { } value ? new DateTime(value, DateTimeKind.Utc) : null;
    }

    public void Delete(long number) => delete.Bind(1, number).Run();

    public void DeleteOf(long key) => deleteOfInstance.Bind(1, key).Run();

    public bool HoldsStartOf(long key) => findStart.Bind(1, key).ReadFirst(row => (long?)row.Number(0)) is not null;
}
