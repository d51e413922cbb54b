using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Results;

/// <summary>Writes outcomes as JSON lines. The body comes last, so that a reader can identify a line from its first kilobytes.</summary>
/// <param name="stream">The destination. It is not closed.</param>
sealed class ResultWriter(Stream stream) : IAsyncDisposable
{
    // A multiple of 3, so that base64 segments join without padding.
    const int SegmentSize = 48 * 1024;

    readonly Utf8JsonWriter json = new(
        stream,
        new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>Writes one line.</summary>
    /// <param name="id">The item's id, if it has one.</param>
    /// <param name="storedBody">The body, if the outcome names a stored one. It is read to its end.</param>
    /// <param name="jsonBody">Says that the body is JSON and to be written as such; null if it is not.</param>
    /// <param name="extracted">What was taken from the body; null if nothing is taken.</param>
    /// <param name="input">The item, whose input is written; null to leave it out.</param>
    /// <returns>
    /// Whether the stored body has as many bytes as were received and, if it was text, is still text; otherwise the line is unusable.
    /// </returns>
    public async Task<bool> TryWriteAsync(
        ItemOutcome outcome,
        string? id,
        Stream? storedBody = null,
        IReadOnlyList<ExtractedValue>? extracted = null,
        JsonBody? jsonBody = null,
        BatchItem? input = null)
    {
        bool isWhole = true;
        json.WriteStartObject();
        WriteHead(outcome, id);
        WriteExtracted(extracted);
        if (outcome.Body is { } body)
        {
            json.WriteNumber("bytes"u8, body.Bytes);
            json.WriteString("sha256"u8, body.Sha256);
            if (jsonBody is not null)
            {
                isWhole = await WriteJsonAsync(jsonBody, storedBody ?? BodyJson.OpenInline(body)) == body.Bytes;
            }
            else if (storedBody is not null)
            {
                try
                {
                    isWhole = await WriteStoredBodyAsync(storedBody, body) == body.Bytes;
                }
                catch (ArgumentException)
                {
                    // It was valid UTF-8 when it was received, but no longer is.
                    json.Reset();
                    return false;
                }
            }
            else if (body.Text is not null)
            {
                json.WriteString("body"u8, body.Text);
            }
            else
            {
                json.WriteString("bodyBase64"u8, body.Base64);
            }
        }

        if (input is not null)
        {
            await json.FlushAsync();
            await LineInput.WriteAsync(input, stream);
        }

        json.WriteEndObject();
        await json.FlushAsync();
        json.Reset();
        stream.WriteByte((byte)'\n');
        return isWhole;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => json.DisposeAsync();

    void WriteHead(ItemOutcome outcome, string? id)
    {
        json.WriteNumber("index"u8, outcome.Index);
        if (id is not null)
        {
            json.WriteString("id"u8, id);
        }

        json.WriteString("status"u8, KebabCase.Of(outcome.Status));
        if (outcome.HttpStatus is { } httpStatus)
        {
            json.WriteNumber("httpStatus"u8, httpStatus);
        }

        json.WriteNumber("attempts"u8, outcome.Attempts);
        json.WriteNumber("durationMs"u8, outcome.DurationMs);
        if (outcome.Error is { } error)
        {
            json.WriteStartObject("error"u8);
            json.WriteString("code"u8, KebabCase.Of(error.Code));
            json.WriteString("message"u8, error.Message);
            json.WriteEndObject();
        }

        if (outcome.ContentType is not null)
        {
            json.WriteString("contentType"u8, outcome.ContentType);
        }

        if (outcome.ContentEncoding is not null)
        {
            json.WriteString("contentEncoding"u8, outcome.ContentEncoding);
        }

        if (outcome.Headers is { Count: > 0 } headers)
        {
            json.WriteStartObject("headers"u8);
            foreach (var (name, value) in headers)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        if (outcome.AttemptHistory is { Count: > 1 } attempts)
        {
            json.WritePropertyName("attemptHistory"u8);
            JsonSerializer.Serialize(json, attempts, ItemsJson.Compact.IReadOnlyListAttempt);
        }
    }

    void WriteExtracted(IReadOnlyList<ExtractedValue>? values)
    {
        if (values is null)
        {
            return;
        }

        json.WriteStartObject("extracted"u8);
        foreach (var value in values)
        {
            json.WritePropertyName(value.Name);
            json.WriteRawValue(value.Failure is null ? value.Json.Span : "null"u8, skipInputValidation: true);
        }

        json.WriteEndObject();
        if (values.Any(value => value.Failure is not null))
        {
            json.WriteStartObject("notExtracted"u8);
            foreach (var value in values.Where(value => value.Failure is not null))
            {
                json.WriteString(value.Name, KebabCase.Of(value.Failure!));
            }

            json.WriteEndObject();
        }
    }

    // Past the writer, which cannot write a value in pieces.
    async Task<long> WriteJsonAsync(JsonBody jsonBody, Stream body)
    {
        if (jsonBody.Sha256 is not null)
        {
            json.WriteString("jsonSha256"u8, jsonBody.Sha256);
        }

        json.WritePropertyName("json"u8);
        await json.FlushAsync();
        return await JsonBody.CopyAsync(body, stream);
    }

    async Task<long> WriteStoredBodyAsync(Stream stored, ItemBody body)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(SegmentSize);
        try
        {
            json.WritePropertyName(body.StoredIsText ? "body"u8 : "bodyBase64"u8);
            long total = 0;
            int read;
            do
            {
                read = await stored.ReadAtLeastAsync(buffer.AsMemory(0, SegmentSize), SegmentSize, throwOnEndOfStream: false);
                total += read;
                WriteSegment(buffer.AsSpan(0, read), body.StoredIsText, isLast: read < SegmentSize);
                await json.FlushAsync();
            }
            while (read == SegmentSize);

            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    void WriteSegment(ReadOnlySpan<byte> segment, bool isText, bool isLast)
    {
        if (isText)
        {
            json.WriteStringValueSegment(segment, isLast);
        }
        else
        {
            json.WriteBase64StringSegment(segment, isLast);
        }
    }
}
