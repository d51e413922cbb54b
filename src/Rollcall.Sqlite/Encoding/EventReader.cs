using DurableTask.Core;
using DurableTask.Core.History;

namespace Rollcall.Sqlite.Encoding;

/// <summary>Reads what <see cref="EventWriter"/> wrote.</summary>
static class EventReader
{
    public static HistoryEvent Event(this ref FieldReader reader)
    {
        var type = (EventType)reader.Byte();
        int id = reader.Number();
        bool isPlayed = reader.Flag();
        var timestamp = reader.Time();
        var item = Content(ref reader, type, id);
        item.IsPlayed = isPlayed;
        item.Timestamp = timestamp;
        return item;
    }

    static HistoryEvent Content(ref FieldReader reader, EventType type, int id)
    {
        switch (type)
        {
            case EventType.ExecutionStarted:
                return Started(ref reader, id);
            case EventType.ExecutionCompleted or EventType.ContinueAsNew:
                return Completed(ref reader, type, id);
            case EventType.ExecutionTerminated:
                return new ExecutionTerminatedEvent(id, reader.Text());
            case EventType.ExecutionSuspended:
                return new ExecutionSuspendedEvent(id, reader.Text());
            case EventType.ExecutionResumed:
                return new ExecutionResumedEvent(id, reader.Text());
            case EventType.ExecutionRewound:
                return new ExecutionRewoundEvent(id, reader.Text())
                {
                    ParentExecutionId = reader.Text(),
                    InstanceId = reader.Text(),
                    ParentTraceContext = reader.Trace(),
                };
            case EventType.TaskScheduled:
                return new TaskScheduledEvent(id)
                {
                    Name = reader.Text(),
                    Version = reader.Text(),
                    Input = reader.Text(),
                    ParentTraceContext = reader.Trace(),
                    Tags = reader.Pairs(),
                };
            case EventType.TaskCompleted:
                return new TaskCompletedEvent(id, reader.Number(), reader.Text());
            case EventType.TaskFailed:
                return new TaskFailedEvent(id, reader.Number(), reader.Text(), reader.Text(), reader.Failure());
            case EventType.SubOrchestrationInstanceCreated:
                return new SubOrchestrationInstanceCreatedEvent(id)
                {
                    Name = reader.Text(),
                    Version = reader.Text(),
                    InstanceId = reader.Text(),
                    Input = reader.Text(),
                    ClientSpanId = reader.Text(),
                    Tags = reader.Pairs(),
                };
            case EventType.SubOrchestrationInstanceCompleted:
                return new SubOrchestrationInstanceCompletedEvent(id, reader.Number(), reader.Text());
            case EventType.SubOrchestrationInstanceFailed:
                return new SubOrchestrationInstanceFailedEvent(id, reader.Number(), reader.Text(), reader.Text(), reader.Failure());
            case EventType.TimerCreated:
                return new TimerCreatedEvent(id, reader.Time());
            case EventType.TimerFired:
                return new TimerFiredEvent(id) { TimerId = reader.Number(), FireAt = reader.Time() };
            case EventType.EventSent:
                return new EventSentEvent(id) { InstanceId = reader.Text(), Name = reader.Text(), Input = reader.Text() };
            case EventType.EventRaised:
                string? name = reader.Text();
                return new EventRaisedEvent(id, reader.Text()) { Name = name, ParentTraceContext = reader.Trace() };
            case EventType.GenericEvent:
                return new GenericEvent(id, reader.Text());
            case EventType.HistoryState:
                return new HistoryStateEvent(id, reader.State());
            case EventType.OrchestratorStarted:
                return new OrchestratorStartedEvent(id);
            case EventType.OrchestratorCompleted:
                return new OrchestratorCompletedEvent(id);
            default:
                throw FieldReader.Damaged($"there is no event type {(int)type}");
        }
    }

    static ExecutionStartedEvent Started(ref FieldReader reader, int id)
    {
        var instance = reader.Instance();
        var parent = reader.Parent();
        string? name = reader.Text();
        string? version = reader.Text();
        return new ExecutionStartedEvent(id, reader.Text())
        {
            OrchestrationInstance = instance,
            ParentInstance = parent,
            Name = name,
            Version = version,
            Tags = reader.Pairs(),
            Correlation = reader.Text(),
            ParentTraceContext = reader.Trace(),
            ScheduledStartTime = reader.OptionalTime(),
            Generation = reader.OptionalNumber(),
            GenerateNewTrace = reader.Flag(),
        };
    }

    static ExecutionCompletedEvent Completed(ref FieldReader reader, EventType type, int id)
    {
        var status = (OrchestrationStatus)reader.Number();
        string? result = reader.Text();
        var failure = reader.Failure();
        return type == EventType.ContinueAsNew
            ? new ContinueAsNewEvent(id, result)
            : new ExecutionCompletedEvent(id, result, status, failure);
    }
}
