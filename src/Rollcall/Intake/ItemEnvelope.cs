using System.Text.Json;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Reads an item's envelope, <c>{"id":"a1","body":…}</c>, without changing a byte of its payload.</summary>
static class ItemEnvelope
{
    /// <summary>What an envelope is like.</summary>
    public const string Example = "{\"id\":\"a1\",\"body\":…}";

    static readonly IReadOnlyList<string> Fields = ["id", "body"];
    static readonly string IdNeeded = $"a string of 1 to {BatchItem.MaxIdLength} characters is needed.";

    /// <summary>Reads an envelope.</summary>
    /// <param name="reader">The reader of the JSON, which is at the object's start and then at its end.</param>
    /// <param name="json">The JSON, which the payload then refers to.</param>
    /// <param name="refuse">
    /// Told the name of a field, and what is wrong with it as the rest of a sentence whose subject is the field. The latter is only made
    /// when it is asked for.
    /// </param>
    /// <param name="id">The item's id; null if it has none. Of use only where nothing was refused of it.</param>
    /// <returns>The item; null if it has no payload. Of use only where nothing was refused.</returns>
    public static BatchItem? Read(
        ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, Action<string, Func<string>> refuse, out string? id)
    {
        id = null;
        bool hasId = false;
        ReadOnlyMemory<byte>? body = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = NameOf(ref reader);
            reader.Read();
            if (name == "id" && !hasId)
            {
                hasId = true;
                id = ReadId(ref reader, refuse);
            }
            else if (name == "body" && body is null)
            {
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                body = json[start..(int)reader.BytesConsumed];
            }
            else
            {
                refuse(name, () => Fields.Contains(name) ? "is there more than once." : NearName.Describe(name, Fields));
                reader.Skip();
            }
        }

        if (body is not { } payload)
        {
            refuse("body", () => "is missing: the payload to send is needed.");
            return null;
        }

        return new BatchItem(id, payload);
    }

    static string? ReadId(ref Utf8JsonReader reader, Action<string, Func<string>> refuse)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            var kind = reader.TokenType;
            refuse("id", () => $"is {JsonKind.Of(kind)}: {IdNeeded}");
            reader.Skip();
            return null;
        }

        string? id = JsonTexts.Find(ref reader);
        if (id is null)
        {
            refuse("id", () => JsonTexts.HalfCharacter);
        }
        else if (id.Length is 0 or > BatchItem.MaxIdLength)
        {
            refuse("id", () => $"has {id.Length} characters: {IdNeeded}");
            return null;
        }

        return id;
    }

    // An input may have millions of items, and their fields' names are two.
    static string NameOf(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.SequenceEqual("body"u8))
        {
            return "body";
        }

        return reader.ValueSpan.SequenceEqual("id"u8) ? "id" : JsonTexts.NameOf(ref reader);
    }
}
