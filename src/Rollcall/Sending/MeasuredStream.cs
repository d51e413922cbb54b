using System.Runtime.CompilerServices;
using Rollcall.Streams;

namespace Rollcall.Sending;

/// <summary>A response's body as received. It ends with a <see cref="FramingException"/> if it does not end where it should.</summary>
/// <param name="framing">Where the body should end.</param>
/// <param name="exchange">What came over the connection.</param>
sealed class MeasuredStream(Stream source, Framing framing, Exchange exchange) : ReadOnlyStream(source)
{
    long received;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A kept-alive connection stays open after the body: waiting for more data on it would last until the time limit.
        bool isEnough = !framing.EndsByItself && (framing.Error is null ? received >= framing.Length : received > 0);
        int read = isEnough ? 0 : await Below.ReadAsync(buffer, cancellationToken);
        received += read;
        if (read == 0 && !buffer.IsEmpty && FindError() is { } error)
        {
            throw new FramingException(error);
        }

        return read;
    }

    string? FindError() => framing switch
    {
        { Error: { } error } => $"Where the body ends cannot be told: {error}",
        { Length: { } length } when length != received =>
            $"The body is not whole: Content-Length says {length} bytes, and {received} came.",
        { Length: { } length } when exchange.BodyBytes > length =>
            $"The body is not whole: Content-Length says {length} bytes, and more came.",
        _ => null,
    };
}
