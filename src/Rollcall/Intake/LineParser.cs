using System.Text.Json;
using System.Text.Unicode;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Makes an item from a line without changing a byte of its payload.</summary>
static class LineParser
{
    /// <summary>The fields of an item.</summary>
    public static readonly IReadOnlyList<string> Fields = ["id", "body"];

    /// <summary>The maximum nesting depth of a payload.</summary>
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
        catch (InvalidOperationException)
        {
            // The reader accepts "\ud800" but cannot convert it to a string. In a body it is simply passed on.
            return "has an \"id\" or a field name with half of a surrogate pair, such as \\ud800 alone.";
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
            return "is not an item envelope: an object such as {\"id\":\"a1\",\"body\":…} is needed." + hint;
        }

        string? id = null;
        ReadOnlyMemory<byte>? body = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String || reader.GetString() is not { Length: > 0 and <= BatchItem.MaxIdLength } text)
                {
                    return $"has an \"id\" that is not a string of 1 to {BatchItem.MaxIdLength} characters.";
                }

                if (id is not null)
                {
                    return "has more than one \"id\".";
                }

                id = text;
            }
            else if (reader.ValueTextEquals("body"u8))
            {
                reader.Read();
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (body is not null)
                {
                    return "has more than one \"body\".";
                }

                body = line.AsMemory(start, (int)reader.BytesConsumed - start);
            }
            else
            {
                string name = reader.GetString()!;
                return $"has a field \"{ShortText.Of(name)}\", which {NearName.Describe(name, Fields)}";
            }
        }

        RequireEnd(ref reader);
        if (body is not { } payload)
        {
            return "has no \"body\".";
        }

        item = new BatchItem(id, payload);
        return null;
    }

    static void RequireEnd(ref Utf8JsonReader reader)
    {
        // Throws if anything but white space follows the value.
        while (reader.Read())
        {
        }
    }
}
