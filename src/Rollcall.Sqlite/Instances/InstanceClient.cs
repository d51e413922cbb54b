using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using DurableTask.Core.Query;
using Newtonsoft.Json;
using Rollcall.Sqlite.Encoding;
using Rollcall.Sqlite.Messages;
using Rollcall.Sqlite.Storage;
using Rollcall.Sqlite.Tables;

namespace Rollcall.Sqlite.Instances;

/// <summary>The operations of clients: create, send, wait and read.</summary>
sealed class InstanceClient(Database database, AllTables tables, MessageRouter router, InstanceWaiters waiters, TimeProvider time)
{
    static readonly OrchestrationStatus[] LiveStatuses = [
        OrchestrationStatus.Pending, OrchestrationStatus.Running, OrchestrationStatus.Suspended];

    public async Task CreateAsync(TaskMessage message, IReadOnlyCollection<OrchestrationStatus>? refused)
    {
        if (message.Event is not ExecutionStartedEvent)
        {
            throw new ArgumentException(
                $"The message holds an event of type {message.Event?.EventType}. An instance is created by an "
                + $"{nameof(EventType.ExecutionStarted)} event.",
                nameof(message));
        }

        CheckInstance(message);
        var start = MessageEncoding.Encode(message);
        if (await database.Write(() => router.Create(start, refused ?? LiveStatuses)) is { } status)
        {
            throw new OrchestrationAlreadyExistsException(
                $"An instance with id '{message.OrchestrationInstance.InstanceId}' exists and has the status {status}.");
        }
    }

    public Task SendAsync(IEnumerable<TaskMessage> messages)
    {
        var encoded = messages.Select(message =>
        {
            CheckInstance(message);
            return MessageEncoding.Encode(message);
        }).ToArray();
        return database.Write(() =>
        {
            foreach (var message in encoded)
            {
                router.Send(message);
            }

            return true;
        });
    }

    public async Task<OrchestrationState?> WaitAsync(string instanceId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var waiter = waiters.Add(instanceId);
        try
        {
            var state = await FindAsync(instanceId, executionId: null);
            if (state is not null && InstanceStatus.IsFinal(state.OrchestrationStatus))
            {
                return state;
            }

            return await waiter.Task.WaitAsync(timeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            waiters.Remove(instanceId, waiter);
        }
    }

    public async Task<OrchestrationState?> FindAsync(string instanceId, string? executionId) =>
        await database.Read(() => tables.Queries.Find(instanceId)) is { } state
            && IsExecution(state.OrchestrationInstance.ExecutionId, executionId)
            ? state
            : null;

    public Task TerminateAsync(string instanceId, string reason) => SendAsync([
        new TaskMessage
        {
            OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId },
            Event = new ExecutionTerminatedEvent(-1, reason),
        },
    ]);

    public async Task<string> HistoryAsync(string instanceId, string? executionId)
    {
        var events = await database.Read(() =>
            tables.Instances.Find(instanceId) is { } row && IsExecution(row.ExecutionId, executionId)
                ? tables.Instances.ReadHistory(row.Key)
                : []);
        return JsonConvert.SerializeObject(events);
    }

    public async Task<OrchestrationQueryResult> QueryAsync(OrchestrationQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1, nameof(query));
        var filter = new InstanceFilter
        {
            Statuses = query.RuntimeStatus is { } statuses ? [.. statuses] : null,
            CreatedFrom = query.CreatedTimeFrom,
            CreatedTo = query.CreatedTimeTo,
            Prefix = query.InstanceIdPrefix,
        };
        var page = await database.Read(
            () => tables.Queries.Page(filter, query.ContinuationToken, query.PageSize, query.FetchInputsAndOutputs));
        string? next = page.Count == query.PageSize ? page[^1].OrchestrationInstance.InstanceId : null;
        return new OrchestrationQueryResult(page, next);
    }

    static bool IsExecution(string actual, string? asked) =>
        string.IsNullOrEmpty(asked) || string.Equals(actual, asked, StringComparison.Ordinal);

    static void CheckInstance(TaskMessage message)
    {
        if (string.IsNullOrEmpty(message.OrchestrationInstance?.InstanceId))
        {
            throw new ArgumentException("The message names no instance.", nameof(message));
        }
    }
}
