using System.Text.Encodings.Web;
using System.Text.Json;
using Rollcall.Validation;

namespace Rollcall.Batches;

/// <summary>The option that names what is taken from bodies: in JSON an object of names and expressions, in a query its text.</summary>
sealed class ExtractOption(string name) : OptionField(name)
{
    static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override string Needed => "an object of names and expressions of JMESPath";

    public override string? FindError(BatchOptions options) => RecordOptions.FindError(options.Record.Extract);

    public override string? Read(JsonElement value, BatchOptions options)
    {
        var fields = new List<ExtractedField>();
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                string? expression = property.Value.ValueKind == JsonValueKind.String ? JsonTexts.Find(property.Value) : null;
                if (expression is null)
                {
                    return $"of '{ShortText.Of(JsonTexts.NameOf(property))}' is {JsonKind.Of(property.Value)}: an expression of JMESPath, "
                        + "a string, is needed.";
                }

                fields.Add(new ExtractedField(JsonTexts.NameOf(property), expression));
            }
        }
        else if (value.ValueKind != JsonValueKind.Null)
        {
            return $"is {JsonKind.Of(value)}: {Needed} is needed.";
        }

        return Set(fields, options);
    }

    public override string? Read(string value, BatchOptions options)
    {
        try
        {
            using var json = JsonDocument.Parse(value);
            return Read(json.RootElement, options);
        }
        catch (JsonException)
        {
            return $"is '{ShortText.Of(value)}': {Needed}, as JSON, is needed.";
        }
    }

    public override string? FindText(BatchOptions options)
    {
        if (options.Record.Extract.Count == 0)
        {
            return null;
        }

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Relaxed))
        {
            json.WriteStartObject();
            foreach (var (field, expression) in options.Record.Extract)
            {
                json.WriteString(field, expression);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    static string? Set(IReadOnlyList<ExtractedField> fields, BatchOptions options)
    {
        if (RecordOptions.FindError(fields) is { } error)
        {
            return error;
        }

        options.Record = options.Record with { Extract = fields };
        return null;
    }
}
