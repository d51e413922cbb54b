using System.Security.Cryptography;
using System.Text.Json;
using Rollcall.Items;

namespace Rollcall.Results;

/// <summary>Reads result lines with flat memory however large their bodies are: it keeps a line's head and passes over the rest.</summary>
/// <param name="stream">The lines. It is not closed.</param>
/// <param name="hashes">Given every byte that is read.</param>
/// <param name="body">Checks that each line's body has the length and the hash that the line says; null where that is not asked for.</param>
sealed class ResultReader(Stream stream, IReadOnlyList<IncrementalHash> hashes, LineBody? body = null)
{
    // Room for all that ResultWriter puts before a body: an id and a message of their greatest lengths, every character escaped, and the
    // greatest number of attempts.
    const int HeadSize = 32 * 1024;

    readonly byte[] buffer = new byte[64 * 1024];
    readonly byte[] head = new byte[HeadSize];
    int start;
    int end;

    /// <summary>Reads the next line.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>What the line says, or null after the last one.</returns>
    /// <exception cref="InvalidDataException">The line is not a result line, or does not end.</exception>
    public ValueTask<ResultLine?> ReadAsync(CancellationToken cancellationToken) => CopyAsync(_ => false, Stream.Null, cancellationToken);

    /// <summary>Reads the next line, and copies it where it is wanted, byte for byte.</summary>
    /// <param name="isWanted">Whether the line is.</param>
    /// <param name="target">Where it is copied to.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>What the line says, or null after the last one.</returns>
    /// <exception cref="InvalidDataException">The line is not a result line, or does not end.</exception>
    public async ValueTask<ResultLine?> CopyAsync(Func<ResultLine, bool> isWanted, Stream target, CancellationToken cancellationToken)
    {
        ResultLine? line = null;
        var said = default(SaidBody);
        bool isCopied = false;
        int headLength = 0;
        long lineLength = 0;
        while (true)
        {
            if (start == end)
            {
                start = 0;
                end = await stream.ReadAsync(buffer, cancellationToken);
                if (end == 0)
                {
                    return lineLength == 0 ? null : throw new InvalidDataException($"The last result line breaks off after {lineLength} bytes.");
                }

                foreach (var hash in hashes)
                {
                    hash.AppendData(buffer, 0, end);
                }
            }

            int feed = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            int length = feed < 0 ? end - start : feed;
            int kept = Math.Min(length, HeadSize - headLength);
            buffer.AsSpan(start, kept).CopyTo(head.AsSpan(headLength));
            headLength += kept;
            lineLength += length;
            if (line is null && (feed >= 0 || headLength == HeadSize))
            {
                line = Parse(head.AsSpan(0, headLength), isWhole: feed >= 0 && lineLength == headLength, out said);
                if (body is not null && said.Start > 0)
                {
                    if (said.Start > headLength || head[said.Start - 1] != (byte)'"')
                    {
                        throw new InvalidDataException($"The body of item {line.Index} is not a string.");
                    }

                    body.Begin(said.IsBase64);
                    body.Add(head.AsSpan(said.Start, headLength - said.Start));
                }

                isCopied = isWanted(line);
                if (isCopied)
                {
                    await target.WriteAsync(head.AsMemory(0, headLength), cancellationToken);
                }
            }

            if (isCopied)
            {
                // With the line feed, where it is there.
                await target.WriteAsync(buffer.AsMemory(start + kept, length - kept + (feed < 0 ? 0 : 1)), cancellationToken);
            }

            if (body is not null && said.Start > 0)
            {
                body.Add(buffer.AsSpan(start + kept, length - kept));
            }

            start += feed < 0 ? length : length + 1;
            if (feed >= 0)
            {
                RequireBody(line!, said);
                return line;
            }
        }
    }

    void RequireBody(ResultLine line, SaidBody said)
    {
        if (body is not null && !(said.Start > 0 ? body.Is(line.Bytes, said.Sha256) : said.Sha256 is null && line.Bytes == 0))
        {
            throw new InvalidDataException($"The body of item {line.Index} is not the one whose length and SHA-256 its line has.");
        }
    }

    static ResultLine Parse(ReadOnlySpan<byte> json, bool isWhole, out SaidBody body)
    {
        body = default;
        long? index = null;
        OutcomeStatus? status = null;
        int? httpStatus = null;
        ItemErrorCode? code = null;
        int attempts = 0;
        double durationMs = 0;
        long bytes = 0;
        try
        {
            var reader = new Utf8JsonReader(json, isFinalBlock: isWhole, state: default);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                if (reader.ValueTextEquals("index"u8) && reader.Read())
                {
                    index = reader.GetInt64();
                }
                else if (reader.ValueTextEquals("status"u8) && reader.Read())
                {
                    status = JsonSerializer.Deserialize(ref reader, ItemsJson.Compact.OutcomeStatus);
                }
                else if (reader.CurrentDepth == 1 && reader.ValueTextEquals("httpStatus"u8) && reader.Read())
                {
                    httpStatus = reader.GetInt32();
                }
                else if (reader.ValueTextEquals("attempts"u8) && reader.Read())
                {
                    attempts = reader.GetInt32();
                }
                else if (reader.CurrentDepth == 1 && reader.ValueTextEquals("durationMs"u8) && reader.Read())
                {
                    durationMs = reader.GetDouble();
                }
                else if (reader.ValueTextEquals("bytes"u8) && reader.Read())
                {
                    bytes = reader.GetInt64();
                }
                else if (reader.CurrentDepth == 1 && reader.ValueTextEquals("sha256"u8) && reader.Read())
                {
                    body = body with { Sha256 = reader.GetString() };
                }
                else if (reader.ValueTextEquals("code"u8) && reader.Read())
                {
                    code = JsonSerializer.Deserialize(ref reader, ItemsJson.Compact.ItemErrorCode);
                }
                else if (reader.ValueTextEquals("body"u8) || reader.ValueTextEquals("bodyBase64"u8))
                {
                    // What follows is the quote before the body.
                    body = body with { Start = (int)reader.BytesConsumed + 1, IsBase64 = reader.ValueTextEquals("bodyBase64"u8) };
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"A result line cannot be read: {exception.Message}", exception);
        }

        return index is { } i && status is { } s
            ? new ResultLine(i, s, httpStatus, code, attempts, durationMs, bytes)
            : throw new InvalidDataException("A result line has no index or no status.");
    }

    // What a line says of its body, and where in the line that starts; 0 for none.
    readonly record struct SaidBody(int Start, bool IsBase64, string? Sha256);
}
