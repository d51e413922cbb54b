using DurableTask.Core;
using DurableTask.Core.History;

namespace Rollcall.Sqlite.Encoding;

/// <summary>
/// A message and its bytes, which end with its event and the checksum. The start of an instance has no bytes of its own.
/// </summary>
readonly record struct EncodedMessage(TaskMessage Message, byte[]? Bytes, int EventAt)
{
    public bool IsStart => Message.Event is ExecutionStartedEvent;

    public ReadOnlySpan<byte> EventBytes => Bytes.AsSpan(EventAt..^Checksum.Size);

    public static EncodedMessage OfStart(ExecutionStartedEvent start) =>
        new(new TaskMessage { OrchestrationInstance = start.OrchestrationInstance, Event = start }, Bytes: null, EventAt: 0);
}

/// <summary>A recorded message for an instance. Numbers grow in the order of recording.</summary>
readonly record struct InboxMessage(long Number, EncodedMessage Content);

/// <summary>How a text field is written.</summary>
enum TextForm : byte
{
    None = 0,
    Utf8 = 1,
    Utf16 = 2,
}
