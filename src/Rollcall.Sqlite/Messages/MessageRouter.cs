using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.Extensions.Logging;
using Rollcall.Sqlite.Encoding;
using Rollcall.Sqlite.Tables;

namespace Rollcall.Sqlite.Messages;

/// <summary>
/// Decides whether a message is recorded for its instance, starts an instance, is kept for later, or is dropped. Used only on the
/// database's thread.
/// </summary>
sealed class MessageRouter(AllTables tables, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// Starts an instance for a client, unless one with the same id has one of the given statuses; then that status is returned.
    /// </summary>
    public OrchestrationStatus? Create(EncodedMessage start, IReadOnlyCollection<OrchestrationStatus> refused)
    {
        var existing = tables.Instances.Find(start.Message.OrchestrationInstance.InstanceId);
        if (existing is not null && refused.Contains(existing.Status))
        {
            return existing.Status;
        }

        Start(start, existing);
        return null;
    }

    /// <summary>Delivers a message that a client, a turn, an activity or a timer sent.</summary>
    /// <returns>The delivery; null if the message is a start, was dropped, or ended the instance.</returns>
    public Delivery? Send(EncodedMessage message)
    {
        var target = message.Message.OrchestrationInstance;
        var row = tables.Instances.Find(target.InstanceId);
        if (message.Message.Event is ExecutionStartedEvent start)
        {
            StartSubOrchestration(message, start, row);
            return null;
        }

        if (row is null || row.HasEnded)
        {
            Drop(message, row is null ? "the instance does not exist" : "the instance has ended");
            return null;
        }

        if (!string.IsNullOrEmpty(target.ExecutionId) && !string.Equals(target.ExecutionId, row.ExecutionId, StringComparison.Ordinal))
        {
            Drop(message, "it is for an earlier execution of the instance");
            return null;
        }

        if (message.Message.Event is ExecutionTerminatedEvent terminated && row.Turns == 0 && tables.Timers.HoldsStartOf(row.Key))
        {
            EndBeforeStart(row, terminated);
            return null;
        }

        return Deliver(row, message);
    }

    /// <summary>Delivers the start of an instance that was scheduled for now.</summary>
    public void SendScheduledStart(string instanceId)
    {
        if (tables.Instances.Find(instanceId) is { HasEnded: false } row)
        {
            Deliver(row, EncodedMessage.OfStart(tables.Instances.ReadStart(row.Key)));
        }
    }

    void StartSubOrchestration(EncodedMessage message, ExecutionStartedEvent start, InstanceRow? existing)
    {
        if (existing is null || existing.HasEnded)
        {
            Start(message, existing);
            return;
        }

        Log.StartRefused(logger, existing.InstanceId);
        if (start.ParentInstance is { } parent && start.Tags?.ContainsKey(OrchestrationTags.FireAndForget) != true)
        {
            Send(MessageEncoding.Encode(CannotStart(start, parent)));
        }
    }

    void Start(EncodedMessage message, InstanceRow? replaced)
    {
        var start = (ExecutionStartedEvent)message.Message.Event;
        if (replaced is not null)
        {
            tables.Remove(replaced);
        }

        var now = time.GetUtcNow().UtcDateTime;
        var row = tables.Instances.Insert(start, message.Bytes!, now);
        if (start.ScheduledStartTime is { } scheduled && Utc(scheduled) is var due && due > now)
        {
            tables.Timers.Insert(row.Key, due, message: null);
            tables.Changes.AddTimer(due);
            return;
        }

        Deliver(row, EncodedMessage.OfStart(start));
    }

    Delivery Deliver(InstanceRow row, EncodedMessage message)
    {
        var delivery = new Delivery(row.Key, row.InstanceId, row.Turns > 0, tables.Inbox.Insert(row, message));
        tables.Changes.Delivered.Add(delivery);
        return delivery;
    }

    // The start was never part of a turn, so no turn can process the termination.
    void EndBeforeStart(InstanceRow row, ExecutionTerminatedEvent terminated)
    {
        tables.Clear(row);
        var now = time.GetUtcNow().UtcDateTime;
        tables.Instances.Update(row, new OrchestrationState
        {
            OrchestrationStatus = OrchestrationStatus.Terminated,
            LastUpdatedTime = now,
            CompletedTime = now,
            Output = terminated.Input,
        });
        if (tables.Queries.Find(row.InstanceId) is { } state)
        {
            tables.Changes.Ended.Add(state);
        }
    }

    void Drop(EncodedMessage message, string why)
    {
        if (logger.IsEnabled(LogLevel.Debug))
        {
            Log.MessageNotDelivered(logger, message.Message.Event.EventType, message.Message.OrchestrationInstance.InstanceId, why);
        }
    }

    static TaskMessage CannotStart(ExecutionStartedEvent start, ParentInstance parent)
    {
        string why = $"The sub-orchestration '{start.OrchestrationInstance.InstanceId}' cannot start: an instance with this id is running.";
        var failure = new FailureDetails(
            "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException",
            why,
            stackTrace: null,
            innerFailure: null,
            isNonRetriable: false);
        return new TaskMessage
        {
            OrchestrationInstance = parent.OrchestrationInstance,
            Event = new SubOrchestrationInstanceFailedEvent(-1, parent.TaskScheduleId, why, details: null, failure),
        };
    }

    internal static DateTime Utc(DateTime value) => value.Kind switch
    {
        DateTimeKind.Local => value.ToUniversalTime(),
        DateTimeKind.Unspecified => DateTime.SpecifyKind(value, DateTimeKind.Utc),
        _ => value,
    };
}
