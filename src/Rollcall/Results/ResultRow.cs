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
    /// maximum length, every character escaped, the most entries that attempts have (48 KiB together), what is extracted (64 KiB), headers
    /// (12 KiB with every character escaped), and the names of these (14 KiB).
    /// </summary>
    public const int HeadSize = 144 * 1024;

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

    /// <summary>The SHA-256 of a body that is JSON, if line breaks were replaced in it.</summary>
    public string? JsonSha256 { get; init; }

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
            if (FindBody(head[..length]) is not { } place)
            {
                return Deserialize(head[..length]);
            }

            if (place.Kind == BodyKind.None)
            {
                return Close(head, place);
            }

            if (place.Kind == BodyKind.Json)
            {
                string cell = JsonText.Cell(head[place.Start..length], MaxCellLength, out bool isAll);
                return Close(head, place) with { Body = cell, BodyIsCut = !isAll };
            }

            var text = head[place.Start..length];
            int taken = JsonText.Measure(text, place.Kind == BodyKind.Base64 ? MaxBase64Length : MaxCellLength, out bool isWhole);
            return Close(head, place with { Start = place.Start + taken }) with { BodyIsCut = !isWhole };
        }
        catch (JsonException exception)
        {
            throw Unreadable(exception);
        }
    }

    /// <summary>Reads a line up to its body.</summary>
    /// <param name="head">The line, or everything before its body, and room for <see cref="EndSize"/> more.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="place">Where the body begins; null if there is none.</param>
    /// <returns>The line, with an empty body if it has one.</returns>
    /// <exception cref="InvalidDataException">The line is not a result line.</exception>
    public static ResultRow ParseHead(Span<byte> head, int length, out BodyPlace? place)
    {
        try
        {
            var found = FindBody(head[..length]);
            place = found is { Kind: not BodyKind.None } ? found : null;
            return found is { } known ? Close(head, known) : Deserialize(head[..length]);
        }
        catch (JsonException exception)
        {
            throw Unreadable(exception);
        }
    }

    // Temporarily closes the line where the text is to end, which works because nothing that is read comes after the body.
    static ResultRow Close(Span<byte> head, BodyPlace place)
    {
        var rest = head.Slice(place.Start, EndSize);
        var (first, second) = (rest[0], rest[1]);
        (place.Kind is BodyKind.Json or BodyKind.None ? "0}"u8 : "\"}"u8).CopyTo(rest);
        try
        {
            return Deserialize(head[..(place.Start + EndSize)]);
        }
        finally
        {
            (rest[0], rest[1]) = (first, second);
        }
    }

    static InvalidDataException Unreadable(JsonException exception) => new($"A result line cannot be read: {exception.Message}", exception);

    /// <summary>Finds a body, or the input of a line without one.</summary>
    /// <exception cref="InvalidDataException">The line is not a result line.</exception>
    public static BodyPlace? FindPlace(ReadOnlySpan<byte> line)
    {
        try
        {
            return FindBody(line);
        }
        catch (JsonException exception)
        {
            throw Unreadable(exception);
        }
    }

    static BodyPlace? FindBody(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, isFinalBlock: false, state: default);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
            {
                continue;
            }

            int at = (int)reader.BytesConsumed;
            bool isInput = reader.ValueTextEquals("input"u8);
            if (isInput || reader.ValueTextEquals("json"u8))
            {
                return new BodyPlace(at, isInput ? BodyKind.None : BodyKind.Json);
            }

            bool isBase64 = reader.ValueTextEquals("bodyBase64"u8);
            if (isBase64 || reader.ValueTextEquals("body"u8))
            {
                return at < json.Length && json[at] == (byte)'"'
                    ? new BodyPlace(at + 1, isBase64 ? BodyKind.Base64 : BodyKind.Text)
                    : throw new JsonException("Its body is not a string.");
            }
        }

        return null;
    }

    static ResultRow Deserialize(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, ResultRowJson.Default.ResultRow) ?? throw new JsonException("It is null.");
}

/// <summary>How a line has its body.</summary>
enum BodyKind
{
    /// <summary>As a string.</summary>
    Text,

    /// <summary>As base64 in a string.</summary>
    Base64,

    /// <summary>As JSON.</summary>
    Json,

    /// <summary>Not at all: the input is where it would be.</summary>
    None,
}

/// <summary>Where a body is in a line.</summary>
/// <param name="Start">Its first byte, without the quote before a string.</param>
readonly record struct BodyPlace(int Start, BodyKind Kind);

/// <summary>Source-generated JSON for reading result lines.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.Strict, PropertyNameCaseInsensitive = false)]
[JsonSerializable(typeof(ResultRow))]
sealed partial class ResultRowJson : JsonSerializerContext;
