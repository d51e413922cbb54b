using System.Buffers;
using System.Runtime.CompilerServices;
using Rollcall.Streams;

namespace Rollcall.Sending;

/// <summary>
/// An HTTP/1.1 connection that records what it receives in the <see cref="Exchange"/> of each request. A target may respond and close while
/// the payload is still being sent. The part of the payload that it no longer reads is dropped here, so that the client still reads the
/// response.
/// </summary>
/// <param name="inner">The connection, including TLS if the target uses it.</param>
sealed class Wire(Stream inner) : ReadOnlyStream(inner)
{
    Exchange? exchange;
    byte? extra;

    public override bool CanWrite => true;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (extra is { } first)
        {
            return Give(first, buffer.Span);
        }

        // The client asks for no more than the rest of the body, and so would not notice data after it.
        if (!buffer.IsEmpty && exchange is { Length: { } length } && length - exchange.BodyBytes == buffer.Length)
        {
            return await ReadOneMoreAsync(buffer, cancellationToken);
        }

        int read = await Below.ReadAsync(buffer, cancellationToken);
        exchange?.Take(buffer.Span[..read]);
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Exchange.Current is { } current && current != exchange)
        {
            current.Restart();
            exchange = current;
        }

        if (exchange is { IsPayloadCut: true })
        {
            return default;
        }

        var writing = Below.WriteAsync(buffer, cancellationToken);
        return writing.IsCompletedSuccessfully ? writing : FinishAsync(writing);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => Below.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => Below.FlushAsync(cancellationToken);

    async ValueTask FinishAsync(ValueTask writing)
    {
        try
        {
            await writing;
        }
        catch (IOException) when (exchange is not null)
        {
            exchange.IsPayloadCut = true;
        }
    }

    int Give(byte first, Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        buffer[0] = first;
        extra = null;
        return 1;
    }

    async ValueTask<int> ReadOneMoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length + 1);
        try
        {
            int read = await Below.ReadAsync(larger.AsMemory(0, buffer.Length + 1), cancellationToken);
            exchange!.Take(larger.AsSpan(0, read));
            int given = Math.Min(read, buffer.Length);
            larger.AsSpan(0, given).CopyTo(buffer.Span);
            extra = read > given ? larger[given] : null;
            return given;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(larger);
        }
    }
}
