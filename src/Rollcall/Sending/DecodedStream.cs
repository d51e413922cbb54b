using System.IO.Compression;
using System.Runtime.CompilerServices;
using Rollcall.Streams;

namespace Rollcall.Sending;

/// <summary>Makes a decoder.</summary>
/// <param name="start">The start of the body: two bytes or more, unless it is shorter.</param>
delegate Stream DecoderFactory(Stream body, ReadOnlySpan<byte> start);

/// <summary>
/// Decodes one coding of a body. It ends with an <see cref="InvalidDataException"/> if the body is not valid in this coding. A body that is
/// invalid from its first byte is returned undecoded before the exception, because an error page with a wrong label is still readable.
/// </summary>
sealed class DecodedStream : ReadOnlyStream
{
    readonly LastByteApart source;
    readonly DecoderFactory create;
    Stream? decoder;
    bool hasDecoded;
    InvalidDataException? failure;

    public DecodedStream(Stream body, string coding, DecoderFactory create)
        : this(new LastByteApart(body), coding, create)
    {
    }

    DecodedStream(LastByteApart source, string coding, DecoderFactory create)
        : base(source)
    {
        this.source = source;
        this.create = create;
        Coding = coding;
    }

    /// <summary>The coding's name.</summary>
    public string Coding { get; }

    /// <summary>Whether the body was returned undecoded because none of it could be decoded.</summary>
    public bool IsUndecoded => failure is not null;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (failure is null)
        {
            try
            {
                int read = await DecodeAsync(buffer, cancellationToken);
                hasDecoded |= read > 0;
                return read;
            }
            catch (InvalidDataException exception) when (!hasDecoded && source.TryRestart())
            {
                failure = exception;
            }
        }

        int raw = await source.ReadAsync(buffer, cancellationToken);
        if (raw == 0 && !buffer.IsEmpty)
        {
            throw failure;
        }

        return raw;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decoder?.Dispose();
        }

        base.Dispose(disposing);
    }

    async ValueTask<int> DecodeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (decoder is null)
        {
            await source.FillAsync(cancellationToken);
            decoder = create(source, source.Next);
        }

        int read;
        try
        {
            read = await decoder.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException && !source.HasFailed)
        {
            throw new InvalidDataException(exception.Message, exception);
        }

        if (read > 0 || buffer.IsEmpty)
        {
            return read;
        }

        // A decoder stops at the end of its format and does not report what follows.
        source.ThrowIfFailed();
        bool isAtEnd = decoder is GZipStream ? source.IsEndSeen : source.IsEmpty;
        if (!isAtEnd)
        {
            throw new InvalidDataException($"Bytes follow the end of the {Coding} data.");
        }

        return 0;
    }
}
