using System.Reflection;
using System.Runtime.Serialization;
using CsCheck;
using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Tracing;
using Newtonsoft.Json;
using Rollcall.Sqlite.Encoding;
using Xunit;

namespace Rollcall.Sqlite.Tests.Encoding;

public sealed class EventRoundTripTests
{
    static readonly DateTime Time = new(638_000_000_123_456_789, DateTimeKind.Utc);

    static readonly Dictionary<string, string> Tags = new() { ["a"] = "b", [""] = "\u00e9\U0001F600", ["null"] = null! };

    static readonly OrchestrationInstance Instance = new() { InstanceId = "i", ExecutionId = "e" };

    static readonly ParentInstance Parent = new() { Name = "P", Version = "2", TaskScheduleId = -7, OrchestrationInstance = Instance };

    static readonly FailureDetails Failure = new(
        "T",
        "message",
        "stack",
        new FailureDetails("I", "inner", null, null, false),
        isNonRetriable: true,
        new Dictionary<string, object?> { ["text"] = "2026-01-01T00:00:00Z", ["number"] = 5L, ["nothing"] = null });

    static readonly DistributedTraceContext Trace = new("00-11111111111111111111111111111111-2222222222222222-01", "state")
    {
        Id = "id",
        SpanId = "span",
        ActivityStartTime = new DateTimeOffset(638_000_000_123_456_789, TimeSpan.FromHours(-3)),
    };

    static IEnumerable<HistoryEvent> Samples =>
    [
        Started(Parent),
        new ExecutionCompletedEvent(2, "result", OrchestrationStatus.Failed, Failure),
        new ContinueAsNewEvent(3, "input"),
        new ExecutionTerminatedEvent(4, "reason"),
        new ExecutionSuspendedEvent(5, "reason"),
        new ExecutionResumedEvent(6, "reason"),
        new ExecutionRewoundEvent(7, "reason") { ParentExecutionId = "p", InstanceId = "i", ParentTraceContext = Trace },
        new TaskScheduledEvent(8, "name", "1", "input") { ParentTraceContext = Trace, Tags = Tags },
        new TaskCompletedEvent(9, 8, "result"),
        new TaskFailedEvent(10, 8, "reason", "details", Failure),
        new SubOrchestrationInstanceCreatedEvent(11)
        {
            Name = "n",
            Version = "1",
            InstanceId = "i",
            Input = "x",
            ClientSpanId = "s",
            Tags = Tags,
        },
        new SubOrchestrationInstanceCompletedEvent(12, 11, "result"),
        new SubOrchestrationInstanceFailedEvent(13, 11, "reason", "details", Failure),
        new TimerCreatedEvent(14, Time),
        new TimerFiredEvent(15, Time) { TimerId = 14 },
        new EventSentEvent(16) { InstanceId = "i", Name = "n", Input = "x" },
        new EventRaisedEvent(17, "input") { Name = "n", ParentTraceContext = Trace },
        new GenericEvent(18, "data"),
        new HistoryStateEvent(19, State()),
        new OrchestratorStartedEvent(20),
        new OrchestratorCompletedEvent(21),
    ];

    public static TheoryData<string> Types => [.. HistoryEvent.KnownTypes().Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Event_OfEveryType_ReadsBackAsWritten(string type)
    {
        var sample = Sample(type);
        sample.IsPlayed = true;

        Assert.Equal(JsonOf(sample), JsonOf(RoundTrip(sample)));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Sample_OfEveryType_HasEveryMemberSet(string type)
    {
        var sample = Sample(type);
        sample.IsPlayed = true;

        foreach (var member in sample.GetType().GetMembers().Where(member => member.GetCustomAttribute<DataMemberAttribute>() is not null))
        {
            var (value, valueType) = member is PropertyInfo property
                ? (property.GetValue(sample), property.PropertyType)
                : (((FieldInfo)member).GetValue(sample), ((FieldInfo)member).FieldType);
            bool isDefault = value is null || (valueType.IsValueType && value.Equals(Activator.CreateInstance(valueType)));
            bool cannotBeSet = member.Name == nameof(HistoryEvent.EventType)
                || (sample is ContinueAsNewEvent && member.Name == nameof(FailureDetails));
            Assert.False(isDefault && !cannotBeSet, $"{type}.{member.Name} is not set.");
        }
    }

    [Fact]
    public void Message_WithEverything_ReadsBackAsWritten()
    {
        var message = new TaskMessage
        {
            Event = Sample(nameof(TaskScheduledEvent)),
            SequenceNumber = long.MaxValue,
            OrchestrationInstance = Instance,
        };
        message.OrchestrationExecutionContext = JsonConvert.DeserializeObject<OrchestrationExecutionContext>(
            """{"OrchestrationTags":{"a":"b"}}""");

        var read = MessageEncoding.Decode(MessageEncoding.Encode(message).Bytes!);

        Assert.Equal("b", read.Message.OrchestrationExecutionContext.OrchestrationTags["a"]);
        Assert.Equal(JsonOf(message), JsonOf(read.Message));
        Assert.Equal(MessageEncoding.Encode(message).EventAt, read.EventAt);
    }

    [Fact]
    public void Turn_WithMessages_ReadsBackAsWritten()
    {
        var start = Started(parent: null);
        InboxMessage[] consumed =
        [
            Inbox(start),
            Inbox(Sample(nameof(EventRaisedEvent))),
            Inbox(Sample(nameof(TaskFailedEvent))),
            Inbox(Sample(nameof(TaskCompletedEvent))),
        ];
        HistoryEvent[] events =
        [
            new OrchestratorStartedEvent(-1), start, consumed[1].Content.Message.Event, consumed[3].Content.Message.Event,
            Sample(nameof(TaskScheduledEvent)), Sample(nameof(TimerCreatedEvent)), new OrchestratorCompletedEvent(-1),
        ];

        var read = new List<HistoryEvent>();
        MessageEncoding.DecodeTurn(MessageEncoding.EncodeTurn(events, consumed), start, read);

        Assert.Equal(JsonOf(events), JsonOf(read));
    }

    [Fact]
    public void Text_OfAnyKind_ReadsBackAsWritten() => Gen.Char.Array[0, 40].Select(units => new string(units)).Sample(text =>
    {
        var read = (GenericEvent)RoundTrip(new GenericEvent(1, text));
        return string.Equals(read.Data, text, StringComparison.Ordinal);
    });

    [Fact]
    public void Event_WithAnyNumbersAndTimes_ReadsBackAsWritten() =>
        Gen.Select(Gen.Int, Gen.Int, Gen.DateTime, Gen.Enum<DateTimeKind>(), Gen.Bool).Sample((id, timer, time, kind, isPlayed) =>
        {
            var fireAt = DateTime.SpecifyKind(time, kind);
            var read = (TimerFiredEvent)RoundTrip(
                new TimerFiredEvent(id, fireAt) { TimerId = timer, Timestamp = fireAt, IsPlayed = isPlayed });
            return read.EventId == id && read.TimerId == timer && read.IsPlayed == isPlayed
                && read.FireAt == fireAt && read.FireAt.Kind == kind && read.Timestamp.Kind == kind;
        });

    [Fact]
    public void DamagedBytes_OfAnyKind_AreRefusedAndNeverHang() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 1_000], Gen.Byte).Sample((sample, at, value) =>
        {
            byte[] bytes = MessageEncoding.Encode(
                new TaskMessage { Event = Samples.ElementAt(sample), OrchestrationInstance = Instance }).Bytes!;
            bytes[at % bytes.Length] = value;
            try
            {
                _ = sample == 0 ? (object)MessageEncoding.DecodeStart(bytes) : MessageEncoding.Decode(bytes);
            }
            catch (Exception exception) when (exception is InvalidDataException)
            {
            }
        });

    static HistoryEvent Sample(string type) => Samples.First(sample => sample.GetType().Name == type);

    static InboxMessage Inbox(HistoryEvent item) =>
        new(1, MessageEncoding.Encode(new TaskMessage { Event = item, OrchestrationInstance = Instance }));

    static HistoryEvent RoundTrip(HistoryEvent item) => item is ExecutionStartedEvent
        ? MessageEncoding.DecodeStart(Inbox(item).Content.Bytes!)
        : MessageEncoding.Decode(Inbox(item).Content.Bytes!).Message.Event;

    static string JsonOf(object value) => JsonConvert.SerializeObject(value, Formatting.Indented);

    static ExecutionStartedEvent Started(ParentInstance? parent) => new(1, "input")
    {
        OrchestrationInstance = Instance,
        ParentInstance = parent,
        Name = "name",
        Version = "1",
        Tags = Tags,
        Correlation = "c",
        ParentTraceContext = Trace,
        ScheduledStartTime = Time,
        Generation = 3,
        GenerateNewTrace = true,
    };

    static OrchestrationState State() => new()
    {
        OrchestrationInstance = Instance,
        ParentInstance = Parent,
        Name = "n",
        Version = "1",
        Input = "i",
        Output = "o",
        Status = "s",
        OrchestrationStatus = OrchestrationStatus.Terminated,
        CreatedTime = Time,
        CompletedTime = Time,
        LastUpdatedTime = Time,
        ScheduledStartTime = Time,
        Size = 1,
        CompressedSize = 2,
        Tags = Tags,
        Generation = 4,
        FailureDetails = Failure,
    };
}
