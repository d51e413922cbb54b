using System.Text.Json;
using System.Text.Unicode;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Results;

namespace Rollcall.Cli.Running;

/// <summary>Writes an item as a line of an input.</summary>
static class InputLine
{
    /// <summary>Writes an item.</summary>
    /// <param name="item">The item as it was read, before its request was made.</param>
    /// <param name="target">What its request has that it has not itself.</param>
    public static void Write(Utf8JsonWriter json, BatchItem item, BatchTarget target)
    {
        json.WriteStartObject();
        if (item.Id is not null)
        {
            json.WriteString("id"u8, item.Id);
        }

        if (item.Head is null)
        {
            WriteJson(json, item.Payload);
        }
        else
        {
            WriteRequest(json, item, item.Head, target);
        }

        json.WriteEndObject();
    }

    static void WriteRequest(Utf8JsonWriter json, BatchItem item, RequestHead head, BatchTarget target)
    {
        // Both are always there, because a file is found to be one of requests by them.
        json.WriteString("method"u8, head.Method ?? target.Method ?? (head.HasBody ? "POST" : "GET"));
        json.WriteString("url"u8, head.Url ?? target.Url);
        if (head.Headers is { } headers)
        {
            json.WriteStartObject("headers"u8);
            foreach (var (name, value) in headers)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        if (!head.HasBody)
        {
            return;
        }

        if (head.Headers?.GetValueOrDefault("Content-Type") == "application/json")
        {
            WriteJson(json, item.Payload);
        }
        else if (Utf8.IsValid(item.Payload.Span))
        {
            json.WriteString("text"u8, item.Payload.Span);
        }
        else
        {
            json.WriteBase64String("base64"u8, item.Payload.Span);
        }
    }

    // An element of an array may have several lines.
    static void WriteJson(Utf8JsonWriter json, ReadOnlyMemory<byte> payload)
    {
        byte[] line = payload.ToArray();
        JsonBody.ReplaceLineBreaks(line);
        json.WritePropertyName("body"u8);
        json.WriteRawValue(line, skipInputValidation: true);
    }
}
