using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Rollcall.Storage;

/// <summary>
/// Content followed by a trailer line, <c>{"sha256":"…"}</c>: the hash of all bytes before it. Reading detects any changed byte, content
/// that was cut off or has grown, and a missing or changed trailer. The trailer is in the same file or blob as the content, so that neither
/// exists without the other. Readers do not get it.
/// </summary>
public static class CheckedContent
{
    /// <summary>The length of the trailer, in bytes.</summary>
    internal const int TrailerLength = 78;

    /// <summary>The largest content that is read completely, and checked, before any of it is returned: 1 MiB.</summary>
    const int MaxReadAhead = 1024 * 1024;

    const int Sha256Length = 64;

    static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    static ReadOnlySpan<byte> TrailerStart => "{\"sha256\":\""u8;

    static ReadOnlySpan<byte> TrailerEnd => "\"}\n"u8;

    /// <summary>Writes content and its trailer.</summary>
    /// <param name="target">The destination. It is not closed.</param>
    /// <param name="write">Writes the content to the stream it is given.</param>
    /// <returns>A task that completes when everything is written to the target.</returns>
    public static async Task WriteAsync(Stream target, Func<Stream, Task> write)
    {
        await using var hashed = new HashedStream(target);
        await write(hashed);
        await FinishAsync(target, hashed);
    }

    /// <summary>Writes the trailer of content that was written piece by piece.</summary>
    /// <param name="target">The destination. It is not closed.</param>
    /// <param name="hashed">What passed the content on to it.</param>
    internal static ValueTask FinishAsync(Stream target, HashedStream hashed) => target.WriteAsync(TrailerOf(hashed.Finish()));

    /// <summary>Writes a value as JSON, and the trailer.</summary>
    /// <param name="target">The destination. It is not closed.</param>
    /// <returns>A task that completes when everything is written to the target.</returns>
    public static Task WriteJsonAsync<T>(Stream target, T value, JsonTypeInfo<T> type) => WriteAsync(target, async stream =>
    {
        await JsonSerializer.SerializeAsync(stream, value, type);
        stream.WriteByte((byte)'\n');
    });

    /// <summary>As <see cref="WriteJsonAsync"/>, in memory.</summary>
    public static async Task<byte[]> ToBytesAsync<T>(T value, JsonTypeInfo<T> type)
    {
        using var stream = new MemoryStream();
        await WriteJsonAsync(stream, value, type);
        return stream.ToArray();
    }

    /// <summary>
    /// Opens content without its trailer. Content of up to 1 MiB is checked before this returns. For larger content, the stream throws
    /// instead of returning the last bytes if it is not what was written: whoever reads it to its end has read what was written.
    /// </summary>
    /// <param name="content">The content and its trailer. It is closed with the returned stream, or if this throws.</param>
    /// <param name="length">The length of both, in bytes.</param>
    /// <param name="name">What the content is, for error messages.</param>
    /// <param name="sha256">The hash that the content must have; null to accept the one in its trailer.</param>
    /// <exception cref="DamagedDataException">The content is not what was written. The stream throws the same.</exception>
    public static async Task<Stream> OpenAsync(
        Stream content, long length, string name, string? sha256, CancellationToken cancellationToken)
    {
        Stream checking = new CheckedStream(content, length, name, sha256);
        try
        {
            if (length > MaxReadAhead)
            {
                return checking;
            }

            var whole = new MemoryStream(capacity: (int)length);
            await checking.CopyToAsync(whole, cancellationToken);
            await checking.DisposeAsync();
            whole.Position = 0;
            return whole;
        }
        catch
        {
            await checking.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads a value.</summary>
    /// <param name="content">The JSON and its trailer. It is closed.</param>
    /// <param name="length">The length of both, in bytes.</param>
    /// <param name="name">What the content is, for error messages.</param>
    /// <exception cref="DamagedDataException">The content is not what was written.</exception>
    public static async Task<T> ReadJsonAsync<T>(
        Stream content, long length, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        await using var json = await OpenAsync(content, length, name, sha256: null, cancellationToken);
        try
        {
            return await JsonSerializer.DeserializeAsync(json, type, cancellationToken) ?? throw new JsonException("It is null.");
        }
        catch (JsonException exception)
        {
            throw new DamagedDataException($"{name} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a trailer.</summary>
    /// <returns>The hash in it; null if the line is not a trailer.</returns>
    internal static string? ReadTrailer(ReadOnlySpan<byte> line)
    {
        var hash = line[TrailerStart.Length..^TrailerEnd.Length];
        return line.StartsWith(TrailerStart) && line.EndsWith(TrailerEnd) && hash.IndexOfAnyExcept(HexDigits) < 0
            ? Encoding.ASCII.GetString(hash)
            : null;
    }

    static byte[] TrailerOf(string sha256)
    {
        byte[] line = new byte[TrailerLength];
        TrailerStart.CopyTo(line);
        Encoding.ASCII.GetBytes(sha256, line.AsSpan(TrailerStart.Length, Sha256Length));
        TrailerEnd.CopyTo(line.AsSpan(TrailerStart.Length + Sha256Length));
        return line;
    }
}
