using DurableTask.Core;
using DurableTask.Core.History;
using Rollcall.Sqlite.Encoding;
using Rollcall.Sqlite.Storage;

namespace Rollcall.Sqlite.Tables;

/// <summary>The tables `instances` and `history`. Used only on the database's thread.</summary>
sealed class InstanceStore
{
    const int MostCached = 10_000;

    // Caches only live instances.
    readonly Dictionary<string, InstanceRow> cache = new(StringComparer.Ordinal);
    readonly Statement find;
    readonly Statement insert;
    readonly Statement update;
    readonly Statement end;
    readonly Statement restart;
    readonly Statement setStart;
    readonly Statement setTold;
    readonly Statement findTold;
    readonly Statement delete;
    readonly Statement readStart;
    readonly Statement insertTurn;
    readonly Statement readTurns;
    readonly Statement deleteTurns;
    long lastKey;

    public InstanceStore(DatabaseFile file)
    {
        find = file.Prepare("SELECT key, instance_id, execution_id, status, turns FROM instances WHERE instance_id = ?1");
        insert = file.Prepare(
            "INSERT INTO instances (key, instance_id, execution_id, status, turns, created, updated, start) VALUES (?1, ?2, ?3, ?4, 0, "
            + "?5, ?6, ?7)");
        update = file.Prepare("UPDATE instances SET status = ?2, turns = ?3, updated = ?4, custom_status = ?5 WHERE key = ?1");
        end = file.Prepare("UPDATE instances SET completed = ?2, output = ?3, failure = ?4 WHERE key = ?1");
        restart = file.Prepare("UPDATE instances SET execution_id = ?2, created = ?3 WHERE key = ?1");
        setStart = file.Prepare("UPDATE instances SET start = ?2 WHERE key = ?1");
        setTold = file.Prepare("UPDATE instances SET parent = ?2, told = ?3 WHERE key = ?1");
        findTold = file.Prepare("SELECT key, instance_id, execution_id, status, turns FROM instances WHERE parent = ?1 AND told <= ?2");
        delete = file.Prepare("DELETE FROM instances WHERE key = ?1");
        readStart = file.Prepare("SELECT start FROM instances WHERE key = ?1");
        insertTurn = file.Prepare("INSERT INTO history (instance, turn, events) VALUES (?1, ?2, ?3)");
        readTurns = file.Prepare("SELECT events FROM history WHERE instance = ?1 ORDER BY turn");
        deleteTurns = file.Prepare("DELETE FROM history WHERE instance = ?1");
        using var last = file.PrepareOnce("SELECT max(key) FROM instances");
        lastKey = last.ReadFirst(row => row.Number(0));
    }

    public InstanceRow? Find(string instanceId)
    {
        if (cache.TryGetValue(instanceId, out var known))
        {
            return known;
        }

        var found = find.Bind(1, instanceId).ReadFirst(Row);
        if (found is { HasEnded: false })
        {
            Keep(found);
        }

        return found;
    }

    public InstanceRow Insert(ExecutionStartedEvent start, byte[] bytes, DateTime now)
    {
        var instance = start.OrchestrationInstance;
        var row = new InstanceRow(++lastKey, instance.InstanceId)
        {
            ExecutionId = instance.ExecutionId ?? "",
            Status = OrchestrationStatus.Pending,
            Turns = 0,
        };
        insert.Bind(1, row.Key).Bind(2, row.InstanceId).Bind(3, row.ExecutionId).Bind(4, (long)row.Status)
            .Bind(5, start.Timestamp.Ticks).Bind(6, now.Ticks).Bind(7, bytes).Run();
        Keep(row);
        return row;
    }

    public void AddTurn(InstanceRow row, byte[] events, OrchestrationState state)
    {
        insertTurn.Bind(1, row.Key).Bind(2, row.Turns).Bind(3, events).Run();
        row.Turns++;
        Update(row, state);
    }

    public void Update(InstanceRow row, OrchestrationState state)
    {
        row.Status = state.OrchestrationStatus;
        update
            .Bind(1, row.Key)
            .Bind(2, (long)row.Status)
            .Bind(3, row.Turns)
            .Bind(4, state.LastUpdatedTime.Ticks)
            .Bind(5, state.Status)
            .Run();
        if (!row.HasEnded)
        {
            return;
        }

        byte[]? failure = state.FailureDetails is { } details ? MessageEncoding.EncodeFailure(details) : null;
        end.Bind(1, row.Key).Bind(2, state.CompletedTime.Ticks).Bind(3, state.Output).Bind(4, failure).Run();
        cache.Remove(row.InstanceId);
    }

    /// <summary>Begins a new execution, whose history replaces that of the previous one.</summary>
    public void Restart(InstanceRow row, ExecutionStartedEvent start, byte[] bytes)
    {
        deleteTurns.Bind(1, row.Key).Run();
        row.ExecutionId = start.OrchestrationInstance.ExecutionId ?? "";
        restart.Bind(1, row.Key).Bind(2, row.ExecutionId).Bind(3, start.Timestamp.Ticks).Run();
        SetStart(row, bytes);
    }

    /// <summary>Keeps an ended instance until its parent has consumed the message about its end.</summary>
    public void SetTold(InstanceRow row, long parent, long message) => setTold.Bind(1, row.Key).Bind(2, parent).Bind(3, message).Run();

    /// <summary>The instances that are kept for a parent, up to a message of its inbox.</summary>
    public List<InstanceRow> FindTold(long parent, long message) => findTold.Bind(1, parent).Bind(2, message).Read(Row);

    public void SetStart(InstanceRow row, byte[] bytes) => setStart.Bind(1, row.Key).Bind(2, bytes).Run();

    public void Delete(InstanceRow row)
    {
        deleteTurns.Bind(1, row.Key).Run();
        delete.Bind(1, row.Key).Run();
        cache.Remove(row.InstanceId);
    }

    public ExecutionStartedEvent ReadStart(long key) =>
        MessageEncoding.DecodeStart(readStart.Bind(1, key).ReadFirst(row => row.Bytes(0))
            ?? throw new InvalidDataException("A stored instance is missing."));

    public List<HistoryEvent> ReadHistory(long key)
    {
        var turns = readTurns.Bind(1, key).Read(row => row.Bytes(0)!);
        var events = new List<HistoryEvent>();
        if (turns.Count == 0)
        {
            return events;
        }

        var start = ReadStart(key);
        foreach (byte[] turn in turns)
        {
            MessageEncoding.DecodeTurn(turn, start, events);
        }

        return events;
    }

    /// <summary>Discards cached values that a rolled-back transaction may have changed.</summary>
    public void Forget() => cache.Clear();

    static InstanceRow Row(Statement row) => new(row.Number(0), row.Text(1)!)
    {
        ExecutionId = row.Text(2)!,
        Status = (OrchestrationStatus)row.Number(3),
        Turns = row.Number(4),
    };

    void Keep(InstanceRow row)
    {
        if (cache.Count >= MostCached)
        {
            cache.Clear();
        }

        cache[row.InstanceId] = row;
    }
}
