using System.IO.Compression;

namespace Rollcall.Sending;

/// <summary>The content codings that are decoded (RFC 9110, section 8.4.1).</summary>
static class ContentCodings
{
    /// <summary>The value of <c>Accept-Encoding</c>.</summary>
    public const string Accepted = "gzip, deflate, br";

    /// <summary>The maximum number of codings of a body. Each costs memory, and a header has room for thousands.</summary>
    public const int MaxCount = 5;

    /// <summary>Whether a coding is decoded.</summary>
    public static bool IsKnown(string coding) => DecoderOf(coding) is not null;

    /// <summary>Whether a coding means that nothing is encoded.</summary>
    public static bool IsIdentity(string coding) => Is(coding, "identity");

    /// <summary>Wraps a body in decoders, starting with the coding that was applied last, up to one that is not known.</summary>
    /// <param name="body">The body as received.</param>
    /// <param name="codings">Its codings, in the order in which they were applied.</param>
    /// <returns>The decoders, the outermost last. The codings that they do not decode are the first ones.</returns>
    public static List<DecodedStream> Decode(Stream body, string[] codings)
    {
        List<DecodedStream> decoders = [];
        while (decoders.Count < Math.Min(codings.Length, MaxCount) && DecoderOf(codings[^(decoders.Count + 1)]) is { } create)
        {
            body = new DecodedStream(body, codings[^(decoders.Count + 1)], create);
            decoders.Add((DecodedStream)body);
        }

        return decoders;
    }

    static DecoderFactory? DecoderOf(string coding) => coding switch
    {
        _ when Is(coding, "gzip") || Is(coding, "x-gzip") => (body, _) => new GZipStream(body, CompressionMode.Decompress),
        _ when Is(coding, "br") => (body, _) => new BrotliStream(body, CompressionMode.Decompress),
        _ when Is(coding, "deflate") => (body, start) =>
            IsZLib(start) ? new ZLibStream(body, CompressionMode.Decompress) : new DeflateStream(body, CompressionMode.Decompress),
        _ => null,
    };

    // RFC 9110, section 8.4.1.2: deflate is the zlib format (RFC 1950, section 2.2), but some senders leave out its frame.
    static bool IsZLib(ReadOnlySpan<byte> start) =>
        start is [var method, var flags, ..] && (method & 0x0F) == 8 && ((method << 8) | flags) % 31 == 0;

    static bool Is(string coding, string name) => coding.Equals(name, StringComparison.OrdinalIgnoreCase);
}
