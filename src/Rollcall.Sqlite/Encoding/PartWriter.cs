using DurableTask.Core;
using DurableTask.Core.Tracing;
using Newtonsoft.Json;

namespace Rollcall.Sqlite.Encoding;

/// <summary>Writes the objects that events are made of.</summary>
static class PartWriter
{
    public static void Instance(this FieldWriter writer, OrchestrationInstance? instance)
    {
        writer.Flag(instance is not null);
        if (instance is null)
        {
            return;
        }

        writer.Text(instance.InstanceId);
        writer.Text(instance.ExecutionId);
    }

    public static void Parent(this FieldWriter writer, ParentInstance? parent)
    {
        writer.Flag(parent is not null);
        if (parent is null)
        {
            return;
        }

        writer.Text(parent.Name);
        writer.Text(parent.Version);
        writer.Number(parent.TaskScheduleId);
        writer.Instance(parent.OrchestrationInstance);
    }

    public static void Trace(this FieldWriter writer, DistributedTraceContext? trace)
    {
        writer.Flag(trace is not null);
        if (trace is null)
        {
            return;
        }

        writer.Text(trace.TraceParent);
        writer.Text(trace.TraceState);
        writer.Text(trace.Id);
        writer.Text(trace.SpanId);
        writer.Flag(trace.ActivityStartTime.HasValue);
        if (trace.ActivityStartTime is { } start)
        {
            writer.Long(start.Ticks);
            writer.Number((int)start.TotalOffsetMinutes);
        }
    }

    public static void Failure(this FieldWriter writer, FailureDetails? failure)
    {
        writer.Flag(failure is not null);
        if (failure is null)
        {
            return;
        }

        writer.Text(failure.ErrorType);
        writer.Text(failure.ErrorMessage);
        writer.Text(failure.StackTrace);
        writer.Flag(failure.IsNonRetriable);
        writer.Text(failure.Properties is null ? null : JsonConvert.SerializeObject(failure.Properties, PartReader.PlainJson));
        writer.Failure(failure.InnerFailure);
    }

    public static void State(this FieldWriter writer, OrchestrationState? state)
    {
        writer.Flag(state is not null);
        if (state is null)
        {
            return;
        }

        writer.Instance(state.OrchestrationInstance);
        writer.Parent(state.ParentInstance);
        writer.Text(state.Name);
        writer.Text(state.Version);
        writer.Text(state.Input);
        writer.Text(state.Output);
        writer.Text(state.Status);
        writer.Number((int)state.OrchestrationStatus);
        writer.Time(state.CreatedTime);
        writer.Time(state.CompletedTime);
        writer.Time(state.LastUpdatedTime);
        writer.OptionalTime(state.ScheduledStartTime);
        writer.Long(state.Size);
        writer.Long(state.CompressedSize);
        writer.Pairs(state.Tags);
        writer.OptionalNumber(state.Generation);
        writer.Failure(state.FailureDetails);
    }

    public static void OptionalNumber(this FieldWriter writer, int? value)
    {
        writer.Flag(value.HasValue);
        if (value is { } number)
        {
            writer.Number(number);
        }
    }
}
