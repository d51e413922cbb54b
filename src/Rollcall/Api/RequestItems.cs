using System.Text.Json;
using Rollcall.Items;

namespace Rollcall.Api;

/// <summary>Reads the <c>items</c> of a batch request, without changing a byte of their payloads.</summary>
static class RequestItems
{
    /// <summary>Reads the array, at whose start the reader is.</summary>
    /// <param name="reader">The reader of the request.</param>
    /// <param name="json">The request's bytes, which the payloads then refer to.</param>
    public static List<BatchItem> Read(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw BatchRequestParser.Invalid("\"items\" is not an array.");
        }

        var list = new List<BatchItem>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(ReadItem(ref reader, json, list.Count));
        }

        return list;
    }

    static BatchItem ReadItem(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, int index)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw BatchRequestParser.Invalid($"items[{index}] is not an object such as {{\"id\":\"a1\",\"body\":…}}.");
        }

        string? itemId = null;
        ReadOnlyMemory<byte>? body = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            switch (name)
            {
                case "id":
                    itemId = BatchRequestParser.ReadText(ref reader, $"items[{index}].id", BatchItem.MaxIdLength);
                    break;
                case "body":
                    int start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    body = json[start..(int)reader.BytesConsumed];
                    break;
                default:
                    throw BatchRequestParser.Invalid($"items[{index}] has the unknown field \"{name}\": \"id\" and \"body\" are allowed.");
            }
        }

        return new BatchItem(itemId, body ?? throw BatchRequestParser.Invalid($"items[{index}] has no \"body\"."));
    }
}
