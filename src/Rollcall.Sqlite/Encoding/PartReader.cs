using DurableTask.Core;
using DurableTask.Core.Tracing;
using Newtonsoft.Json;

namespace Rollcall.Sqlite.Encoding;

/// <summary>Reads the objects that events are made of.</summary>
static class PartReader
{
    /// <summary>Reads values as they are: the file names no types, and a text that looks like a time stays a text.</summary>
    public static readonly JsonSerializerSettings PlainJson = new()
    {
        TypeNameHandling = TypeNameHandling.None,
        DateParseHandling = DateParseHandling.None,
    };

    public static OrchestrationInstance? Instance(this ref FieldReader reader) =>
        reader.Flag() ? new OrchestrationInstance { InstanceId = reader.Text(), ExecutionId = reader.Text() } : null;

    public static ParentInstance? Parent(this ref FieldReader reader) => reader.Flag()
        ? new ParentInstance
        {
            Name = reader.Text(),
            Version = reader.Text(),
            TaskScheduleId = reader.Number(),
            OrchestrationInstance = reader.Instance(),
        }
        : null;

    public static DistributedTraceContext? Trace(this ref FieldReader reader)
    {
        if (!reader.Flag())
        {
            return null;
        }

        return new DistributedTraceContext(reader.Text()!, reader.Text())
        {
            Id = reader.Text(),
            SpanId = reader.Text(),
            ActivityStartTime = reader.Flag() ? reader.TimeWithOffset() : null,
        };
    }

    public static FailureDetails? Failure(this ref FieldReader reader)
    {
        if (!reader.Flag())
        {
            return null;
        }

        string type = reader.Text()!;
        string message = reader.Text()!;
        string? stackTrace = reader.Text();
        bool isNonRetriable = reader.Flag();
        var properties = reader.Text() is { } json ? Properties(json) : null;
        return new FailureDetails(type, message, stackTrace, reader.Failure(), isNonRetriable, properties);
    }

    static Dictionary<string, object?>? Properties(string json)
    {
        try
        {
            return JsonConvert.DeserializeObject<Dictionary<string, object?>>(json, PlainJson);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("A stored event is damaged: the properties of a failure are not JSON.", exception);
        }
    }

    public static OrchestrationState? State(this ref FieldReader reader) => reader.Flag()
        ? new OrchestrationState
        {
            OrchestrationInstance = reader.Instance(),
            ParentInstance = reader.Parent(),
            Name = reader.Text(),
            Version = reader.Text(),
            Input = reader.Text(),
            Output = reader.Text(),
            Status = reader.Text(),
            OrchestrationStatus = (OrchestrationStatus)reader.Number(),
            CreatedTime = reader.Time(),
            CompletedTime = reader.Time(),
            LastUpdatedTime = reader.Time(),
            ScheduledStartTime = reader.OptionalTime(),
            Size = reader.Long(),
            CompressedSize = reader.Long(),
            Tags = reader.Pairs(),
            Generation = reader.OptionalNumber(),
            FailureDetails = reader.Failure(),
        }
        : null;

    public static int? OptionalNumber(this ref FieldReader reader) => reader.Flag() ? reader.Number() : null;
}
