using DurableTask.Core.History;

namespace Rollcall.Sqlite.Encoding;

/// <summary>Writes one history event. The type is a number, never the name of a .NET type.</summary>
static class EventWriter
{
    public static void Event(this FieldWriter writer, HistoryEvent item)
    {
        writer.Byte((byte)item.EventType);
        writer.Number(item.EventId);
        writer.Flag(item.IsPlayed);
        writer.Time(item.Timestamp);
        switch (item)
        {
            case ExecutionStartedEvent started:
                Started(writer, started);
                break;
            case ExecutionCompletedEvent completed:
                writer.Number((int)completed.OrchestrationStatus);
                writer.Text(completed.Result);
                writer.Failure(completed.FailureDetails);
                break;
            case ExecutionTerminatedEvent terminated:
                writer.Text(terminated.Input);
                break;
            case ExecutionSuspendedEvent suspended:
                writer.Text(suspended.Reason);
                break;
            case ExecutionResumedEvent resumed:
                writer.Text(resumed.Reason);
                break;
            case ExecutionRewoundEvent rewound:
                writer.Text(rewound.Reason);
                writer.Text(rewound.ParentExecutionId);
                writer.Text(rewound.InstanceId);
                writer.Trace(rewound.ParentTraceContext);
                break;
            case TaskScheduledEvent scheduled:
                writer.Text(scheduled.Name);
                writer.Text(scheduled.Version);
                writer.Text(scheduled.Input);
                writer.Trace(scheduled.ParentTraceContext);
                writer.Pairs(scheduled.Tags);
                break;
            case TaskCompletedEvent completed:
                writer.Number(completed.TaskScheduledId);
                writer.Text(completed.Result);
                break;
            case TaskFailedEvent failed:
                writer.Number(failed.TaskScheduledId);
                writer.Text(failed.Reason);
                writer.Text(failed.Details);
                writer.Failure(failed.FailureDetails);
                break;
            case SubOrchestrationInstanceCreatedEvent created:
                writer.Text(created.Name);
                writer.Text(created.Version);
                writer.Text(created.InstanceId);
                writer.Text(created.Input);
                writer.Text(created.ClientSpanId);
                writer.Pairs(created.Tags);
                break;
            case SubOrchestrationInstanceCompletedEvent completed:
                writer.Number(completed.TaskScheduledId);
                writer.Text(completed.Result);
                break;
            case SubOrchestrationInstanceFailedEvent failed:
                writer.Number(failed.TaskScheduledId);
                writer.Text(failed.Reason);
                writer.Text(failed.Details);
                writer.Failure(failed.FailureDetails);
                break;
            case TimerCreatedEvent created:
                writer.Time(created.FireAt);
                break;
            case TimerFiredEvent fired:
                writer.Number(fired.TimerId);
                writer.Time(fired.FireAt);
                break;
            case EventSentEvent sent:
                writer.Text(sent.InstanceId);
                writer.Text(sent.Name);
                writer.Text(sent.Input);
                break;
            case EventRaisedEvent raised:
                writer.Text(raised.Name);
                writer.Text(raised.Input);
                writer.Trace(raised.ParentTraceContext);
                break;
            case GenericEvent generic:
                writer.Text(generic.Data);
                break;
            case HistoryStateEvent state:
                writer.State(state.State);
                break;
            case OrchestratorStartedEvent or OrchestratorCompletedEvent:
                break;
            default:
                throw new NotSupportedException($"A history event of type {item.EventType} cannot be stored.");
        }
    }

    static void Started(FieldWriter writer, ExecutionStartedEvent started)
    {
        writer.Instance(started.OrchestrationInstance);
        writer.Parent(started.ParentInstance);
        writer.Text(started.Name);
        writer.Text(started.Version);
        writer.Text(started.Input);
        writer.Pairs(started.Tags);
        writer.Text(started.Correlation);
        writer.Trace(started.ParentTraceContext);
        writer.OptionalTime(started.ScheduledStartTime);
        writer.OptionalNumber(started.Generation);
        writer.Flag(started.GenerateNewTrace);
    }
}
