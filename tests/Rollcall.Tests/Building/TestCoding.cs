using System.IO.Compression;

namespace Rollcall.Tests.Building;

/// <summary>The codings of bodies (RFC 9110, section 8.4.1).</summary>
static class TestCoding
{
    /// <summary>Encodes a body. <c>raw</c> is deflate without its zlib header. An unknown coding leaves the body as it is.</summary>
    public static byte[] Encode(string coding, byte[] body)
    {
        using var coded = new MemoryStream();
        using (var stream = StreamOf(coding.ToLowerInvariant(), coded))
        {
            stream.Write(body);
        }

        return coded.ToArray();
    }

    static Stream StreamOf(string coding, MemoryStream coded) => coding switch
    {
        "gzip" or "x-gzip" => new GZipStream(coded, CompressionLevel.Optimal),
        "br" => new BrotliStream(coded, CompressionLevel.Optimal),
        "deflate" => new ZLibStream(coded, CompressionLevel.Optimal),
        "raw" => new DeflateStream(coded, CompressionLevel.Optimal),
        _ => coded,
    };
}
