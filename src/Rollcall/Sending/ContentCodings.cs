using System.IO.Compression;

namespace Rollcall.Sending;

/// <summary>The codings of a body that are decoded (RFC 9110, section 8.4.1).</summary>
static class ContentCodings
{
    /// <summary>What <c>Accept-Encoding</c> asks for.</summary>
    public const string Accepted = "gzip, deflate, br";

    /// <summary>The most codings that a body may have. Each costs memory, and a header has room for thousands.</summary>
    public const int MaxCount = 5;

    /// <summary>Whether a coding is decoded.</summary>
    public static bool IsKnown(string coding) => DecoderOf(coding) is not null;

    /// <summary>Whether a coding says that there is none.</summary>
    public static bool IsIdentity(string coding) => Is(coding, "identity");

    /// <summary>Puts decoders over a body, from the last coding that was applied on, up to one that is not known.</summary>
    /// <param name="body">The body as it came.</param>
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

    static DecoderFactory? DecoderOf(string coding) =>
        Is(coding, "gzip") || Is(coding, "x-gzip") ? (body, _) => new GZipStream(body, CompressionMode.Decompress)
        : Is(coding, "br") ? (body, _) => new BrotliStream(body, CompressionMode.Decompress)
        : Is(coding, "deflate") ? (body, start) =>
            IsZLib(start) ? new ZLibStream(body, CompressionMode.Decompress) : new DeflateStream(body, CompressionMode.Decompress)
        : null;

    // RFC 9110, section 8.4.1.2: deflate is the zlib format (RFC 1950, section 2.2), but some senders leave its frame out.
    static bool IsZLib(ReadOnlySpan<byte> start) =>
        start is [var method, var flags, ..] && (method & 0x0F) == 8 && ((method << 8) | flags) % 31 == 0;

    static bool Is(string coding, string name) => coding.Equals(name, StringComparison.OrdinalIgnoreCase);
}
