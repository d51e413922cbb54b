using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Results;

/// <summary>
/// Takes values from the JSON of recorded bodies. This is done when result lines are written, so that no value passes through the
/// orchestration's history, and none differs from the body beside it.
/// </summary>
sealed class Extraction(IReadOnlyList<ExtractedField> fields)
{
    /// <summary>The most bytes of all values of an item together, as JSON.</summary>
    public const int MaxBytes = 64 * 1024;

    static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    readonly (string Name, BodyExpression Expression)[] expressions =
        [.. fields.Select(field => (field.Name, BodyExpression.Parse(field.Expression)))];

    /// <summary>Takes the values from a body that was received whole.</summary>
    /// <param name="open">Opens it, as often as it is asked to.</param>
    public Task<IReadOnlyList<ExtractedValue>> ReadAsync(ItemBody body, Func<Task<Stream>> open) =>
        BodyJson.ReadAsync(body, open, Read, isTooDeep => ReadNone(isTooDeep ? ExtractionFailure.TooDeep : ExtractionFailure.NotJson));

    IReadOnlyList<ExtractedValue> ReadNone(ExtractionFailure failure) =>
        [.. expressions.Select(field => new ExtractedValue(field.Name, default, failure))];

    IReadOnlyList<ExtractedValue> Read(JsonElement body)
    {
        var values = new List<ExtractedValue>(expressions.Length);
        int left = MaxBytes;
        foreach (var (name, expression) in expressions)
        {
            var value = Read(name, expression, body, left);
            left -= value.Json.Length;
            values.Add(value);
        }

        return values;
    }

    static ExtractedValue Read(string name, BodyExpression expression, JsonElement body, int mostBytes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Relaxed);
        try
        {
            bool isWritten = TryWrite(json, expression.Evaluate(body), mostBytes);
            json.Flush();
            return isWritten && buffer.WrittenCount <= mostBytes
                ? new ExtractedValue(name, buffer.WrittenMemory)
                : new ExtractedValue(name, default, ExtractionFailure.TooLarge);
        }
        catch (FormatException)
        {
            return new ExtractedValue(name, default, ExtractionFailure.NotEvaluated);
        }
    }

    // Gives up as soon as the value is known to be too large.
    static bool TryWrite(Utf8JsonWriter json, JToken? value, int mostBytes)
    {
        switch (value)
        {
            case JArray array:
                json.WriteStartArray();
                if (!array.All(element => TryWrite(json, element, mostBytes)))
                {
                    return false;
                }

                json.WriteEndArray();
                break;
            case JObject fields:
                json.WriteStartObject();
                foreach (var field in fields.Properties())
                {
                    json.WritePropertyName(field.Name);
                    if (!TryWrite(json, field.Value, mostBytes))
                    {
                        return false;
                    }
                }

                json.WriteEndObject();
                break;
            case JValue { Type: JTokenType.String } text:
                string characters = (string)text!;
                if (characters.Length > mostBytes)
                {
                    return false;
                }

                json.WriteStringValue(characters);
                break;
            case JValue { Type: JTokenType.Float } number when !double.IsFinite((double)number):
                throw new FormatException("is a number that JSON has not.");
            case JValue { Type: JTokenType.Float } number:
                json.WriteNumberValue((double)number);
                break;
            case null or { Type: JTokenType.Undefined }:
                json.WriteNullValue();
                break;
            default:
                json.WriteRawValue(value.ToString(Formatting.None), skipInputValidation: true);
                break;
        }

        return json.BytesCommitted + json.BytesPending <= mostBytes;
    }
}

/// <summary>A value that was taken from a body, or why it was not.</summary>
/// <param name="Json">The value as JSON; nothing if there is a failure.</param>
readonly record struct ExtractedValue(string Name, ReadOnlyMemory<byte> Json, ExtractionFailure? Failure = null);

/// <summary>Why a value was not taken from a body.</summary>
enum ExtractionFailure
{
    /// <summary>The body is not JSON.</summary>
    NotJson,

    /// <summary>The body is JSON of too many levels.</summary>
    TooDeep,

    /// <summary>The expression cannot be evaluated over this body.</summary>
    NotEvaluated,

    /// <summary>The value is larger than what is kept.</summary>
    TooLarge,
}
