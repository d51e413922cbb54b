using System.Globalization;
using System.Text;
using System.Text.Json;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Finds the id of an item in it.</summary>
sealed class ItemId
{
    static readonly string Needed = $"a string of 1 to {BatchItem.MaxIdLength} characters or a number is needed.";
    static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = LineParser.MaxDepth + 1 };

    readonly string[] steps;

    /// <param name="text">The name of a column or field, or a JSON Pointer (RFC 6901).</param>
    public ItemId(string text)
    {
        Text = text;
        steps = text.StartsWith('/') ? [.. text[1..].Split('/').Select(Unescape)] : [text];
    }

    /// <summary>What was given: the name or the pointer.</summary>
    public string Text { get; }

    /// <summary>The name of the column that gives the id; null if the pointer goes deeper than columns.</summary>
    public string? Column => steps is [var only] ? only : null;

    /// <summary>Finds the id in an item that is JSON.</summary>
    /// <returns>What is wrong, as the rest of a sentence whose subject is the line; null if nothing is.</returns>
    public string? Find(ReadOnlySpan<byte> json, out string? id)
    {
        id = null;
        var reader = new Utf8JsonReader(json, ReaderOptions);
        reader.Read();
        foreach (string step in steps)
        {
            if (!TryGoTo(ref reader, step))
            {
                return Missing;
            }
        }

        if (reader.TokenType == JsonTokenType.Number)
        {
            return Check(Encoding.UTF8.GetString(reader.ValueSpan), out id);
        }

        return reader.TokenType == JsonTokenType.Null ? Missing
            : reader.TokenType != JsonTokenType.String
            ? $"has {JsonKind.Of(reader.TokenType)} as \"{ShortText.Of(Text)}\": for its id {Needed}"
            : JsonTexts.Find(ref reader) is { } found ? Check(found, out id)
            : $"has an id that {JsonTexts.HalfCharacter}";
    }

    /// <summary>Takes an id that was found.</summary>
    /// <param name="found">The text that was found.</param>
    /// <param name="id">The same, if it can be an id.</param>
    /// <returns>What is wrong, as the rest of a sentence whose subject is the line; null if nothing is.</returns>
    public string? Check(string found, out string? id)
    {
        id = found.Length is > 0 and <= BatchItem.MaxIdLength ? found : null;
        return id is not null ? null
            : found.Length == 0 ? Missing
            : string.Create(
                CultureInfo.InvariantCulture,
                $"has {found.Length} characters in \"{ShortText.Of(Text)}\": for its id {Needed}");
    }

    string Missing => $"has no value in \"{ShortText.Of(Text)}\": for its id {Needed}";

    static bool TryGoTo(ref Utf8JsonReader reader, string step)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isWanted = reader.ValueTextEquals(step);
                reader.Read();
                if (isWanted)
                {
                    return true;
                }

                reader.Skip();
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray
            && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (index-- == 0)
                {
                    return true;
                }

                reader.Skip();
            }
        }

        return false;
    }

    static string Unescape(string step) =>
        step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
