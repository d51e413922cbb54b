using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Rollcall.Intake;

/// <summary>
/// Splits a stream into lines. A line ends with LF or CR LF.
/// </summary>
static class LineReader
{
    /// <summary>Reads the lines.</summary>
    /// <param name="stream">The stream. It is not closed.</param>
    /// <param name="maxLength">The maximum length of a line, in bytes.</param>
    /// <returns>Each line's bytes in a separate array, or null for a line longer than <paramref name="maxLength"/>.</returns>
    public static async IAsyncEnumerable<byte[]?> ReadAsync(
        Stream stream,
        int maxLength,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 128 * 1024, leaveOpen: true));
        bool isSkipping = false;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            while (TryTakeLine(ref buffer, result.IsCompleted, out var line))
            {
                if (!isSkipping)
                {
                    yield return Trim(line, maxLength);
                }

                isSkipping = false;
            }

            if (result.IsCompleted)
            {
                break;
            }

            if (buffer.Length > maxLength)
            {
                if (!isSkipping)
                {
                    yield return null;
                }

                isSkipping = true;
                buffer = buffer.Slice(buffer.End);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }

        await reader.CompleteAsync();
    }

    static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line)
    {
        var sequence = new SequenceReader<byte>(buffer);
        if (sequence.TryReadTo(out line, (byte)'\n'))
        {
            buffer = sequence.UnreadSequence;
            return true;
        }

        line = buffer;
        buffer = buffer.Slice(buffer.End);
        return isLast && !line.IsEmpty ? true : Restore(ref buffer, line);
    }

    static bool Restore(ref ReadOnlySequence<byte> buffer, ReadOnlySequence<byte> line)
    {
        buffer = line;
        return false;
    }

    static byte[]? Trim(ReadOnlySequence<byte> line, int maxLength)
    {
        if (line.Length > maxLength)
        {
            return null;
        }

        byte[] bytes = line.ToArray();
        var range = bytes.AsSpan();
        if (range.EndsWith("\r"u8))
        {
            range = range[..^1];
        }

        return range.Length == bytes.Length ? bytes : range.ToArray();
    }
}

/// <summary>The byte order mark of UTF-8, which is not part of the text (RFC 8259, section 8.1, lets a reader ignore it).</summary>
static class ByteOrderMark
{
    static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>The length of the mark at the start of a text: 3 or 0.</summary>
    public static int LengthIn(ReadOnlySpan<byte> text) => text.StartsWith(Mark) ? Mark.Length : 0;
}
