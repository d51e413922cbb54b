using System.Text.Json;
using System.Text.Json.Serialization;
using Rollcall.Items;

namespace Rollcall.Results;

/// <summary>A result line with as much of its body as fits in a spreadsheet cell.</summary>
sealed record ResultRow
{
    /// <summary>The maximum length of a cell, in UTF-16 code units: Excel's limit.</summary>
    public const int MaxCellLength = 32_767;

    /// <summary>
    /// The number of bytes that are enough for everything that <see cref="ResultWriter"/> puts before a body: an id and a message of
    /// maximum length, every character escaped, the maximum number of attempts (32 KiB together), what is extracted (64 KiB), headers
    /// (8 KiB), and the names of these.
    /// </summary>
    public const int HeadSize = 112 * 1024;

    /// <summary>
    /// The number of bytes of a line that are enough for a table: its head, and a cell in which every character is escaped (6 bytes each).
    /// </summary>
    public const int TableSize = HeadSize + (6 * 32 * 1024);

    /// <summary>The number of bytes needed to close a line whose body is cut.</summary>
    public const int EndSize = 2;

    // A multiple of 4, so that the rest can be decoded; this also leaves room for the apostrophe before a cell that begins with +.
    const int MaxBase64Length = 32_764;

    public required long Index { get; init; }

    public string? Id { get; init; }

    public required OutcomeStatus Status { get; init; }

    public int? HttpStatus { get; init; }

    public ItemError? Error { get; init; }

    public int Attempts { get; init; }

    public double DurationMs { get; init; }

    public string? ContentType { get; init; }

    public string? ContentEncoding { get; init; }

    public IReadOnlyDictionary<string, string?>? Headers { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Extracted { get; init; }

    public long? Bytes { get; init; }

    public string? Sha256 { get; init; }

    public string? Body { get; init; }

    public string? BodyBase64 { get; init; }

    /// <summary>Whether the line has more of the body.</summary>
    public bool BodyIsCut { get; init; }

    /// <summary>The fields that readers of lines need.</summary>
    public ResultLine ToLine() => new(Index, Status, HttpStatus, Error?.Code, Attempts, DurationMs, Bytes ?? 0, Extracted);

    /// <summary>Reads a line.</summary>
    /// <param name="head">The line, or its first <see cref="TableSize"/> bytes, and room for <see cref="EndSize"/> more.</param>
    /// <param name="length">The number of bytes.</param>
    /// <exception cref="InvalidDataException">The line is not a result line.</exception>
    public static ResultRow Parse(Span<byte> head, int length)
    {
        try
        {
            if (FindBody(head[..length], out bool isBase64) is not { } start)
            {
                return Deserialize(head[..length]);
            }

            int end = start + JsonText.Measure(head[start..length], isBase64 ? MaxBase64Length : MaxCellLength, out bool isWhole);
            return Close(head, end) with { BodyIsCut = !isWhole };
        }
        catch (JsonException exception)
        {
            throw Unreadable(exception);
        }
    }

    /// <summary>Reads a line up to its body.</summary>
    /// <param name="head">The line, or everything before its body, and room for <see cref="EndSize"/> more.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="bodyStart">Where the body's text begins; 0 if there is none.</param>
    /// <returns>The line, with an empty body if it has one.</returns>
    /// <exception cref="InvalidDataException">The line is not a result line.</exception>
    public static ResultRow ParseHead(Span<byte> head, int length, out int bodyStart)
    {
        try
        {
            bodyStart = FindBody(head[..length], out _) ?? 0;
            return bodyStart == 0 ? Deserialize(head[..length]) : Close(head, bodyStart);
        }
        catch (JsonException exception)
        {
            throw Unreadable(exception);
        }
    }

    // Temporarily closes the line where the text is to end, which works because the body is last in a line.
    static ResultRow Close(Span<byte> head, int end)
    {
        var rest = head.Slice(end, EndSize);
        var (first, second) = (rest[0], rest[1]);
        "\"}"u8.CopyTo(rest);
        try
        {
            return Deserialize(head[..(end + EndSize)]);
        }
        finally
        {
            (rest[0], rest[1]) = (first, second);
        }
    }

    static InvalidDataException Unreadable(JsonException exception) => new($"A result line cannot be read: {exception.Message}", exception);

    /// <summary>Finds the first byte of a body's text.</summary>
    static int? FindBody(ReadOnlySpan<byte> json, out bool isBase64)
    {
        isBase64 = false;
        var reader = new Utf8JsonReader(json, isFinalBlock: false, state: default);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
            {
                continue;
            }

            isBase64 = reader.ValueTextEquals("bodyBase64"u8);
            if (isBase64 || reader.ValueTextEquals("body"u8))
            {
                int at = (int)reader.BytesConsumed;
                if (at >= json.Length || json[at] != (byte)'"')
                {
                    throw new JsonException("Its body is not a string.");
                }

                return at + 1;
            }
        }

        return null;
    }

    static ResultRow Deserialize(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, ResultRowJson.Default.ResultRow) ?? throw new JsonException("It is null.");
}

/// <summary>Source-generated JSON for reading result lines.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.Strict, PropertyNameCaseInsensitive = false)]
[JsonSerializable(typeof(ResultRow))]
sealed partial class ResultRowJson : JsonSerializerContext;
