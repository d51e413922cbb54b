using System.IO.Compression;
using Rollcall.Streams;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Unpacks gzip (RFC 1952). It never ends silently before all of it is unpacked.</summary>
/// <param name="packed">The packed bytes. They are not closed.</param>
sealed class GzipInput(Stream packed) : ReadOnlyStream(
    new GZipStream(new EndSeen(packed), CompressionMode.Decompress, leaveOpen: true))
{
    /// <summary>How gzip begins.</summary>
    public static ReadOnlySpan<byte> Start => [0x1F, 0x8B];

    bool isOver;

    /// <inheritdoc/>
    /// <exception cref="InvalidInputException">The gzip is damaged, ends too early, or something else follows it.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = isOver ? 0 : await Below.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            throw InvalidInputException.OfAll(
                $"is compressed with gzip, and it is damaged or ends too early: {exception.Message} This tests a file: gzip -t FILE");
        }

        isOver |= read == 0 && !buffer.IsEmpty;
        if (isOver && !((EndSeen)((GZipStream)Below).BaseStream).IsSeen)
        {
            throw InvalidInputException.OfAll(
                "is compressed with gzip, and bytes that are not gzip follow the end of it. This tests a file: gzip -t FILE");
        }

        return read;
    }

    /// <summary>Whether the decoder has read to the end. It looks for another member there, and stops at what is none.</summary>
    sealed class EndSeen(Stream below) : ReadOnlyStream(below)
    {
        public bool IsSeen { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await Below.ReadAsync(buffer, cancellationToken);
            IsSeen |= read == 0;
            return read;
        }
    }
}
