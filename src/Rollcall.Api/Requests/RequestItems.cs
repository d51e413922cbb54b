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

    readonly List<BatchItem> items = [];
    readonly SeenIds ids = new();
    readonly RequestLine requests = new(folder: null);
    readonly List<(string Field, Func<string> Message)> refused = [];
    int index;

    /// <summary>Reads the array.</summary>
    /// <param name="reader">The reader of the request, which is at the array's start and then at its end.</param>
    /// <returns>The items; only valid if there are no errors.</returns>
    public List<BatchItem> Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            string kind = JsonKind.Of(reader.TokenType);
            errors.Add(InputError.AtField(Pointer, $"is {kind}: an array of items such as {ItemEnvelope.Example} is needed."));
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
                var token = reader.TokenType;
                Refuse("", () => $"is {JsonKind.Of(token)}: an object such as {ItemEnvelope.Example} is needed.");
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
        int start = (int)reader.TokenStartIndex;
        bool isRequest = false;
        refused.Clear();
        var item = ItemEnvelope.Read(
            ref reader,
            json,
            (field, message) =>
            {
                isRequest |= RequestLine.IsOwnField(field);
                refused.Add((field, message));
            },
            out string? id);
        if (isRequest)
        {
            item = ReadRequest(json[start..(int)reader.BytesConsumed]);
            id = item?.Id;
        }
        else
        {
            refused.ForEach(error => Refuse(error.Field, error.Message));
        }

        if (id is not null && ids.FindOrAdd(id, index + 1) is { } first)
        {
            Refuse("id", () => string.Create(
                CultureInfo.InvariantCulture,
                $"is '{ShortText.Of(id)}', as {Pointer}/{first - 1}/id is: each item needs one of its own, or none."));
        }

        if (item is not null)
        {
            items.Add(item);
        }
    }

    // An item with a field that only a request has is one.
    BatchItem? ReadRequest(ReadOnlyMemory<byte> request)
    {
        if (requests.Parse(request.ToArray(), out var item) is { } error)
        {
            Refuse("", () => error);
        }

        return item;
    }

    void Refuse(string field, Func<string> message)
    {
        if (errors.IsFull)
        {
            errors.AddUnnamed();
            return;
        }

        string pointer = string.Create(CultureInfo.InvariantCulture, $"{Pointer}/{index}");
        errors.Add(InputError.AtField(field.Length == 0 ? pointer : JsonPointer.Append(pointer, field), message()));
    }
}
