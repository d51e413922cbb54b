using System.Runtime.CompilerServices;
using DurableTask.Core;
using DurableTask.Core.History;

namespace Rollcall.Sqlite.Encoding;

/// <summary>The encoding of messages, starts and turns in the file. The first byte is the version of the encoding.</summary>
static class MessageEncoding
{
    const byte Form = 2;

    // No event type has this number. It stands for the start, which is stored once, with its instance.
    const byte StartOfInstance = 255;

    /// <summary>Writes a message. For a start, only the event is written, which is stored with its instance.</summary>
    public static EncodedMessage Encode(TaskMessage message)
    {
        if (message.Event is ExecutionStartedEvent start)
        {
            return new EncodedMessage(message, EncodeStart(start), EventAt: 0);
        }

        var writer = FieldWriter.Start();
        writer.Byte(Form);
        writer.Long(message.SequenceNumber);
        writer.Instance(message.OrchestrationInstance);
        writer.Flag(message.OrchestrationExecutionContext is not null);
        if (message.OrchestrationExecutionContext is { } context)
        {
            writer.Pairs(context.OrchestrationTags);
        }

        int eventAt = writer.Length;
        writer.Event(message.Event);
        return new EncodedMessage(message, writer.ToArray(), eventAt);
    }

    public static EncodedMessage Decode(byte[] bytes)
    {
        var reader = Open(bytes);
        var message = new TaskMessage { SequenceNumber = reader.Long(), OrchestrationInstance = reader.Instance() };
        if (reader.Flag())
        {
            message.OrchestrationExecutionContext = new OrchestrationExecutionContext();
            SetTags(message.OrchestrationExecutionContext, reader.Pairs());
        }

        int eventAt = bytes.Length - Checksum.Size - reader.Left;
        message.Event = reader.Event();
        return new EncodedMessage(message, bytes, eventAt);
    }

    static byte[] EncodeStart(ExecutionStartedEvent start)
    {
        var writer = FieldWriter.Start();
        writer.Byte(Form);
        writer.Event(start);
        return writer.ToArray();
    }

    public static ExecutionStartedEvent DecodeStart(byte[] bytes)
    {
        var reader = Open(bytes);
        return reader.Event() as ExecutionStartedEvent
            ?? throw new InvalidDataException("A stored instance is damaged: it has no start event.");
    }

    public static byte[] EncodeFailure(FailureDetails failure)
    {
        var writer = FieldWriter.Start();
        writer.Byte(Form);
        writer.Failure(failure);
        return writer.ToArray();
    }

    public static FailureDetails? DecodeFailure(byte[] bytes)
    {
        var reader = Open(bytes);
        return reader.Failure();
    }

    /// <summary>Writes the events of a turn. Those that arrived as messages are copied, because they are already encoded.</summary>
    public static byte[] EncodeTurn(IEnumerable<HistoryEvent> events, IReadOnlyList<InboxMessage> consumed)
    {
        var writer = FieldWriter.Start();
        writer.Byte(Form);
        int next = 0;
        foreach (var item in events)
        {
            if (item is ExecutionStartedEvent)
            {
                writer.Byte(StartOfInstance);
                continue;
            }

            int found = IndexOf(item, consumed, next);
            if (found < 0)
            {
                writer.Event(item);
                continue;
            }

            writer.Raw(consumed[found].Content.EventBytes);
            next = found + 1;
        }

        return writer.ToArray();
    }

    public static void DecodeTurn(byte[] bytes, ExecutionStartedEvent start, List<HistoryEvent> into)
    {
        var reader = Open(bytes);
        while (!reader.AtEnd)
        {
            into.Add(reader.PeekByte() == StartOfInstance ? TakeStart(ref reader, start) : reader.Event());
        }
    }

    static ExecutionStartedEvent TakeStart(ref FieldReader reader, ExecutionStartedEvent start)
    {
        _ = reader.Byte();
        return start;
    }

    // Events keep the order of their messages, so the search continues where the last one was found.
    static int IndexOf(HistoryEvent item, IReadOnlyList<InboxMessage> consumed, int from)
    {
        if (item.EventType is EventType.OrchestratorStarted or EventType.OrchestratorCompleted or EventType.TaskScheduled)
        {
            return -1;
        }

        for (int i = from; i < consumed.Count; i++)
        {
            if (ReferenceEquals(consumed[i].Content.Message.Event, item) && consumed[i].Content.Bytes is not null)
            {
                return i;
            }
        }

        return -1;
    }

    static FieldReader Open(byte[] bytes)
    {
        var reader = new FieldReader(Checksum.Require(bytes));
        byte form = reader.Byte();
        return form == Form
            ? reader
            : throw new InvalidDataException($"A stored event has form {form}, and this program reads form {Form}.");
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_OrchestrationTags")]
    static extern void SetTags(OrchestrationExecutionContext context, IDictionary<string, string>? tags);
}
