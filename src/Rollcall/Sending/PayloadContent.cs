using System.Net;

namespace Rollcall.Sending;

/// <summary>
/// A payload that is written to a connection once. The HTTP client sends a request again by itself where a connection that was kept alive
/// ends without an answer, a POST too, although the target may have acted on it. Whether an item is sent again is for its batch to say, and
/// counts as an attempt; so the client may only where nothing of the payload was written.
/// </summary>
/// <param name="payload">The payload.</param>
sealed class PayloadContent(ReadOnlyMemory<byte> payload) : HttpContent
{
    bool isWritten;

    /// <summary>
    /// Whether the client may write it again: over HTTP/2, where a server says of each request that it did not touch it, and the client does
    /// so for those only (RFC 9113, section 8.7).
    /// </summary>
    public bool MayBeWrittenAgain { get; set; }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (isWritten && !MayBeWrittenAgain)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The connection ended after the payload was sent, and before an answer began.");
        }

        isWritten = true;
        return stream.WriteAsync(payload, cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = payload.Length;
        return true;
    }
}
