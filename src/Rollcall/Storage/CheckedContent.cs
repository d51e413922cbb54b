using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Rollcall.Storage;

/// <summary>
/// Content with a last line of its own, <c>{"sha256":"…"}</c>: the hash of all bytes before it. A byte that was changed anywhere, a content
/// that was cut or has grown, and a last line that is gone or was changed are all found when it is read. The line is in the same file or
/// blob as what it is of, so that neither is ever without the other, and it is not part of what readers are given.
/// </summary>
public static class CheckedContent
{
    /// <summary>How many bytes the last line has.</summary>
    internal const int TrailerLength = 78;

    /// <summary>The largest content that is read whole, and checked, before a byte of it is given away: 1 MiB.</summary>
    const int MaxReadAhead = 1024 * 1024;

    const int Sha256Length = 64;

    static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    static ReadOnlySpan<byte> TrailerStart => "{\"sha256\":\""u8;

    static ReadOnlySpan<byte> TrailerEnd => "\"}\n"u8;

    /// <summary>Writes content, and its last line.</summary>
    /// <param name="target">Where it goes. It is not closed.</param>
    /// <param name="write">Writes the content to the stream that it is given.</param>
    /// <returns>A task that ends when all is in the target.</returns>
    public static async Task WriteAsync(Stream target, Func<Stream, Task> write)
    {
        await using var hashed = new HashedStream(target);
        await write(hashed);
        await target.WriteAsync(TrailerOf(hashed.Finish()));
    }

    /// <summary>Writes a value as JSON, and the last line.</summary>
    /// <param name="target">Where it goes. It is not closed.</param>
    /// <param name="type">How it is written.</param>
    /// <returns>A task that ends when all is in the target.</returns>
    public static Task WriteJsonAsync<T>(Stream target, T value, JsonTypeInfo<T> type) => WriteAsync(target, async stream =>
    {
        await JsonSerializer.SerializeAsync(stream, value, type);
        stream.WriteByte((byte)'\n');
    });

    /// <summary>As <see cref="WriteJsonAsync"/>, in memory.</summary>
    /// <param name="type">How it is written.</param>
    public static async Task<byte[]> ToBytesAsync<T>(T value, JsonTypeInfo<T> type)
    {
        using var stream = new MemoryStream();
        await WriteJsonAsync(stream, value, type);
        return stream.ToArray();
    }

    /// <summary>
    /// Opens content without its last line. Content of up to 1 MiB is checked before this returns. Of a larger one the stream
    /// throws instead of giving its last bytes where it is not what was written: who reads it to its end has read what was written.
    /// </summary>
    /// <param name="content">The content and its last line. It is closed with the stream that is returned, or where this throws.</param>
    /// <param name="length">How many bytes that are.</param>
    /// <param name="name">What it is, for the message of an error.</param>
    /// <param name="sha256">The hash that it must have; null where any is right that its last line says.</param>
    /// <exception cref="DamagedDataException">It is not what was written. The stream throws the same.</exception>
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
    /// <param name="content">The JSON and its last line. It is closed.</param>
    /// <param name="length">How many bytes that are.</param>
    /// <param name="name">What it is, for the message of an error.</param>
    /// <param name="type">How it was written.</param>
    /// <exception cref="DamagedDataException">It is not what was written.</exception>
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

    /// <summary>Reads a last line.</summary>
    /// <returns>The hash that it says; null where it is none.</returns>
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
