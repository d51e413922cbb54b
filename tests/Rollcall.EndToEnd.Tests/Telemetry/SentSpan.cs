using System.Text;

namespace Rollcall.EndToEnd.Tests.Telemetry;

/// <summary>A span as OTLP has it: https://github.com/open-telemetry/opentelemetry-proto, <c>trace.proto</c>.</summary>
sealed record SentSpan(string TraceId, string Id, string ParentId, string Name)
{
    const int VarInt = 0;
    const int Fixed64 = 1;
    const int Bytes = 2;

    /// <summary>Reads the spans of a request.</summary>
    public static IReadOnlyList<SentSpan> ReadAll(byte[] request) =>
        [.. Find(request, 1).SelectMany(resource => Find(resource, 2)).SelectMany(scope => Find(scope, 2)).Select(Read)];

    static SentSpan Read(ReadOnlyMemory<byte> span)
    {
        string Hex(int field) => Find(span, field).Select(bytes => Convert.ToHexStringLower(bytes.Span)).FirstOrDefault("");
        return new SentSpan(Hex(1), Hex(2), Hex(4), Encoding.UTF8.GetString(Find(span, 5).Single().Span));
    }

    // The fields of a message that are themselves bytes, text or messages, of one number.
    static List<ReadOnlyMemory<byte>> Find(ReadOnlyMemory<byte> message, int number)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        int at = 0;
        while (at < message.Length)
        {
            int key = ReadNumber(message.Span, ref at);
            int wire = key & 7;
            int value = wire is VarInt or Bytes ? ReadNumber(message.Span, ref at) : 0;
            int length = wire switch
            {
                VarInt => 0,
                Bytes => value,
                Fixed64 => 8,
                _ => 4,
            };
            if (key >> 3 == number && wire == Bytes)
            {
                found.Add(message.Slice(at, length));
            }

            at += length;
        }

        return found;
    }

    static int ReadNumber(ReadOnlySpan<byte> message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return unchecked((int)value);
            }
        }
    }
}
