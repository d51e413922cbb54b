using System.Text.Json;
using System.Text.Unicode;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Makes an item from a line.</summary>
/// <param name="item">The item, if there is no error.</param>
/// <returns>What is wrong with the line, or null.</returns>
delegate string? LineParse(byte[] line, out BatchItem? item);

/// <summary>Makes items from lines, without changing a byte of a payload that is JSON.</summary>
static class LineParser
{
    /// <summary>How deep a payload may be nested.</summary>
    public const int MaxDepth = 1000;

    /// <summary>The error of a line of JSON that is empty.</summary>
    public const string Empty = "is empty: every line is one payload.";

    /// <summary>The error of bytes that are not text.</summary>
    public const string NotUtf8 = "is not valid UTF-8.";

    static readonly JsonReaderOptions Strict = new()
    {
        MaxDepth = MaxDepth,
        CommentHandling = JsonCommentHandling.Disallow,
        AllowTrailingCommas = false,
    };

    /// <summary>The parser of a format's lines.</summary>
    /// <param name="folder">The folder of files that requests may name; null if they may name none.</param>
    public static LineParse Of(InputFormat format, string? folder) => format switch
    {
        InputFormat.Items => (byte[] line, out BatchItem? item) => ParseJson(line, isEnvelope: true, out item),
        InputFormat.Requests => new RequestLine(folder).Parse,
        InputFormat.Urls => UrlLine.Parse,
        _ => (byte[] line, out BatchItem? item) => ParseJson(line, isEnvelope: false, out item),
    };

    /// <summary>Whether a line contains only JSON white space.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    /// <summary>Whether a line begins like an array.</summary>
    public static bool IsArray(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r\n"u8) is >= 0 and var start && line[start] == '[';

    /// <summary>Says what a line is that is not an object.</summary>
    /// <param name="needed">What an object must be like: "an item envelope: an object such as …".</param>
    public static string DescribeOther(JsonTokenType token, string needed)
    {
        string hint = token == JsonTokenType.StartArray
            ? " The elements of an array are read with --input json (input=json)."
            : "";
        return $"is not {needed} is needed.{hint}";
    }

    static string? ParseJson(byte[] line, bool isEnvelope, out BatchItem? item)
    {
        item = null;
        if (!Utf8.IsValid(line))
        {
            return NotUtf8;
        }

        try
        {
            var reader = new Utf8JsonReader(line, Strict);
            if (!reader.Read())
            {
                return Empty;
            }

            if (isEnvelope)
            {
                return ParseEnvelope(line, ref reader, out item);
            }

            reader.Skip();
            RequireEnd(ref reader);
            item = new BatchItem(null, line);
            return null;
        }
        catch (JsonException exception)
        {
            return IsBlank(line) ? Empty : $"is not JSON: {JsonFault.Describe(exception, line)}";
        }
    }

    static string? ParseEnvelope(byte[] line, ref Utf8JsonReader reader, out BatchItem? item)
    {
        item = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return DescribeOther(reader.TokenType, $"an item envelope: an object such as {ItemEnvelope.Example}");
        }

        string? error = null;
        var found = ItemEnvelope.Read(
            ref reader,
            line,
            (field, what) => error ??= $"has an item whose \"{ShortText.Of(field)}\" {what()}",
            out _);
        RequireEnd(ref reader);
        item = error is null ? found : null;
        return error;
    }

    static void RequireEnd(ref Utf8JsonReader reader)
    {
        // Throws if anything but white space follows the value.
        while (reader.Read())
        {
        }
    }
}
