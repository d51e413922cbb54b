using System.Globalization;
using System.Text.Json;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>Reads the <c>items</c> of a batch request, without changing a byte of their payloads.</summary>
/// <param name="json">The request's bytes, which the payloads then refer to.</param>
/// <param name="errors">Collects the errors.</param>
sealed class RequestItems(ReadOnlyMemory<byte> json, InputErrorList errors)
{
    const string Pointer = "/items";
    static readonly string IdNeeded = $"a string of 1 to {BatchItem.MaxIdLength} characters is needed.";

    readonly List<BatchItem> items = [];
    readonly SeenIds ids = new();
    int index;

    /// <summary>Reads the array.</summary>
    /// <param name="reader">The reader of the request, which is at the array's start and then at its end.</param>
    /// <returns>The items; only valid if there are no errors.</returns>
    public List<BatchItem> Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            errors.Add(
                InputError.AtField(Pointer, $"is {KindOf(ref reader)}: an array of items such as {{\"id\":\"a1\",\"body\":…}} is needed."));
            reader.Skip();
            return items;
        }

        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadItem(ref reader);
            }
            else
            {
                Refuse("", $"is {KindOf(ref reader)}: an object such as {{\"id\":\"a1\",\"body\":…}} is needed.");
                reader.Skip();
            }
        }

        if (index == 0)
        {
            errors.Add(InputError.AtField(Pointer, "has no item, so there is nothing to send."));
        }

        return items;
    }

    void ReadItem(ref Utf8JsonReader reader)
    {
        string? id = null;
        bool hasId = false;
        ReadOnlyMemory<byte>? body = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = NameOf(ref reader);
            reader.Read();
            if (name == "id" ? hasId : name == "body" && body is not null)
            {
                Refuse(name, FieldNames.Doubled);
                reader.Skip();
            }
            else if (name == "id")
            {
                hasId = true;
                id = ReadId(ref reader);
            }
            else if (name == "body")
            {
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                body = json[start..(int)reader.BytesConsumed];
            }
            else
            {
                Refuse(name, errors.IsFull ? "" : NearName.Describe(name, LineParser.Fields));
                reader.Skip();
            }
        }

        if (body is { } payload)
        {
            items.Add(new BatchItem(id, payload));
        }
        else
        {
            Refuse("body", "is missing: the payload to send is needed.");
        }
    }

    string? ReadId(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            Refuse("id", $"is {KindOf(ref reader)}: {IdNeeded}");
            reader.Skip();
            return null;
        }

        string? id = JsonTexts.Find(ref reader);
        if (id is null)
        {
            Refuse("id", JsonTexts.HalfCharacter);
        }
        else if (id.Length is 0 or > BatchItem.MaxIdLength)
        {
            Refuse("id", $"has {id.Length} characters: {IdNeeded}");
        }
        else if (ids.FindOrAdd(id, index + 1) is { } first)
        {
            Refuse(
                "id",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"is '{ShortText.Of(id)}', as {Pointer}/{first - 1}/id is: each item needs one of its own, or none."));
        }

        return id;
    }

    void Refuse(string field, string message)
    {
        if (errors.IsFull)
        {
            errors.AddUnnamed();
            return;
        }

        string pointer = string.Create(CultureInfo.InvariantCulture, $"{Pointer}/{index}");
        errors.Add(InputError.AtField(field.Length == 0 ? pointer : JsonPointer.Append(pointer, field), message));
    }

    // A request may have millions of items, but their fields have only two names.
    static string NameOf(ref Utf8JsonReader reader) =>
        reader.ValueSpan.SequenceEqual("body"u8) ? "body"
        : reader.ValueSpan.SequenceEqual("id"u8) ? "id"
        : JsonTexts.NameOf(ref reader);

    static string KindOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => "null",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.StartArray => "an array",
        _ => "an object",
    };
}
