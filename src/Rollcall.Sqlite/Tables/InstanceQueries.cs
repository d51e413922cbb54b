using DurableTask.Core;
using Rollcall.Sqlite.Encoding;
using Rollcall.Sqlite.Storage;

namespace Rollcall.Sqlite.Tables;

/// <summary>Reads instances for clients. Used only on the database's thread.</summary>
sealed class InstanceQueries(DatabaseFile file)
{
    const string Columns = "instance_id, execution_id, status, updated, completed, custom_status, output, failure, start";

    public OrchestrationState? Find(string instanceId)
    {
        using var query = file.PrepareOnce($"SELECT {Columns} FROM instances WHERE instance_id = ?1");
        return query.Bind(1, instanceId).ReadFirst(row => State(row, withPayloads: true));
    }

    /// <summary>One page of instances by id. The first id of the next page is after the last one of this page.</summary>
    public List<OrchestrationState> Page(InstanceFilter filter, string? after, int size, bool withPayloads)
    {
        var (condition, values) = filter.ToSql(after);
        using var query = file.PrepareOnce($"SELECT {Columns} FROM instances WHERE {condition} ORDER BY instance_id LIMIT {size}");
        Bind(query, values);
        return query.Read(row => State(row, withPayloads));
    }

    public List<string> Ids(InstanceFilter filter, int size)
    {
        var (condition, values) = filter.ToSql(after: null);
        using var query = file.PrepareOnce($"SELECT instance_id FROM instances WHERE {condition} ORDER BY instance_id LIMIT {size}");
        Bind(query, values);
        return query.Read(row => row.Text(0)!);
    }

    static void Bind(Statement query, List<object> values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            _ = values[i] is string text ? query.Bind(i + 1, text) : query.Bind(i + 1, (long)values[i]);
        }
    }

    static OrchestrationState State(Statement row, bool withPayloads)
    {
        var start = MessageEncoding.DecodeStart(row.Bytes(8)!);
        byte[]? failure = row.Bytes(7);
        return new OrchestrationState
        {
            OrchestrationInstance = new OrchestrationInstance { InstanceId = row.Text(0), ExecutionId = row.Text(1) },
            ParentInstance = start.ParentInstance,
            Name = start.Name,
            Version = start.Version,
            Tags = start.Tags,
            Generation = start.Generation,
            ScheduledStartTime = start.ScheduledStartTime,
            CreatedTime = start.Timestamp,
            LastUpdatedTime = new DateTime(row.Number(3), DateTimeKind.Utc),
            CompletedTime = row.IsNull(4) ? NotCompleted : new DateTime(row.Number(4), DateTimeKind.Utc),
            OrchestrationStatus = (OrchestrationStatus)row.Number(2),
            Status = row.Text(5),
            Input = withPayloads ? start.Input : null,
            Output = withPayloads ? row.Text(6) : null,
            FailureDetails = withPayloads && failure is not null ? MessageEncoding.DecodeFailure(failure) : null,
        };
    }

    // The framework's own value for an instance that has not completed.
    static readonly DateTime NotCompleted = DateTime.MaxValue.Subtract(TimeSpan.FromDays(1)).ToUniversalTime();
}
