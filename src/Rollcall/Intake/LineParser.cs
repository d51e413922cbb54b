using System.Text.Json;
using System.Text.Unicode;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Makes an item from a line without changing a byte of its payload.</summary>
static class LineParser
{
    /// <summary>How deep a payload may be nested.</summary>
    public const int MaxDepth = 1000;

    static readonly JsonReaderOptions Strict = new()
    {
        MaxDepth = MaxDepth,
        CommentHandling = JsonCommentHandling.Disallow,
        AllowTrailingCommas = false,
    };

    /// <summary>Parses a line.</summary>
    /// <param name="format">What the line contains.</param>
    /// <param name="item">The item, if there is no error.</param>
    /// <returns>What is wrong with the line, or null.</returns>
    public static string? Parse(byte[] line, LineFormat format, out BatchItem? item)
    {
        item = null;
        if (!Utf8.IsValid(line))
        {
            return "is not valid UTF-8.";
        }

        try
        {
            var reader = new Utf8JsonReader(line, Strict);
            if (!reader.Read())
            {
                return "is empty: every line is one payload.";
            }

            if (format == LineFormat.Items)
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
            return IsBlank(line) ? "is empty: every line is one payload." : $"is not JSON: {JsonFault.Describe(exception, line)}";
        }
    }

    /// <summary>Whether a line contains only JSON white space.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    /// <summary>Whether a line begins like an array.</summary>
    public static bool IsArray(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r\n"u8) is >= 0 and var start && line[start] == '[';

    static string? ParseEnvelope(byte[] line, ref Utf8JsonReader reader, out BatchItem? item)
    {
        item = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            string hint = reader.TokenType == JsonTokenType.StartArray
                ? " This writes the elements of an array one per line: jq -c '.[]' FILE"
                : "";
            return $"is not an item envelope: an object such as {ItemEnvelope.Example} is needed.{hint}";
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
