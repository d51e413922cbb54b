using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Results;

/// <summary>
/// Writes an item's input into its result line: its payload if that is JSON and all that the item has, and otherwise an object with the
/// fields of a request.
/// </summary>
static class LineInput
{
    static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes the field after others.</summary>
    public static async Task WriteAsync(BatchItem item, Stream line)
    {
        await line.WriteAsync(",\"input\":"u8.ToArray());
        byte[]? json = FindJson(item.Payload.Span);
        if (item.Head is null && json is not null)
        {
            await line.WriteAsync(json);
            return;
        }

        await using var writer = new Utf8JsonWriter(line, Relaxed);
        writer.WriteStartObject();
        if (item.Head is { } head)
        {
            WriteHead(writer, head);
        }

        if (item.Head?.HasBody ?? !item.Payload.IsEmpty)
        {
            WriteBody(writer, item.Payload.Span, json);
        }

        writer.WriteEndObject();
    }

    static void WriteHead(Utf8JsonWriter writer, RequestHead head)
    {
        if (head.Method is not null)
        {
            writer.WriteString("method"u8, head.Method);
        }

        if (head.Url is not null)
        {
            writer.WriteString("url"u8, head.Url);
        }

        if (head.Headers is { } headers)
        {
            writer.WriteStartObject("headers"u8);
            foreach (var (name, value) in headers)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }
    }

    static void WriteBody(Utf8JsonWriter writer, ReadOnlySpan<byte> payload, byte[]? json)
    {
        if (json is not null)
        {
            writer.WritePropertyName("body"u8);
            writer.WriteRawValue(json, skipInputValidation: true);
        }
        else if (Utf8.IsValid(payload))
        {
            writer.WriteString("text"u8, payload);
        }
        else
        {
            writer.WriteBase64String("base64"u8, payload);
        }
    }

    static byte[]? FindJson(ReadOnlySpan<byte> payload)
    {
        var scan = new JsonScan();
        if (scan.Take(payload) < payload.Length || !scan.IsWhole || !Utf8.IsValid(payload))
        {
            return null;
        }

        byte[] json = payload.ToArray();
        JsonBody.ReplaceLineBreaks(json);
        return json;
    }
}
