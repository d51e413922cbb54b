using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rollcall.Batches;

/// <summary>
/// The value of a request header: given literally, or as the name of a secret that the sending process knows. Secret values are never
/// stored.
/// </summary>
[JsonConverter(typeof(TargetHeaderConverter))]
public sealed record TargetHeader
{
    /// <summary>The value; null if <see cref="Secret"/> names it.</summary>
    public string? Value { get; init; }

    /// <summary>The name of the secret that holds the value.</summary>
    public string? Secret { get; init; }
}

/// <summary>Reads and writes a header as a string, or as <c>{"secret":"NAME"}</c>.</summary>
sealed class TargetHeaderConverter : JsonConverter<TargetHeader>
{
    const string Expected = "A header is a string, or an object with the one field \"secret\".";

    // If this were false, a null would bypass Read.
    public override bool HandleNull => true;

    public override TargetHeader Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new TargetHeader { Value = reader.GetString() };
        }

        if (reader.TokenType != JsonTokenType.StartObject
            || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("secret")
            || !reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException(Expected);
        }

        var header = new TargetHeader { Secret = reader.GetString() };
        if (!reader.Read() || reader.TokenType != JsonTokenType.EndObject)
        {
            throw new JsonException(Expected);
        }

        return header;
    }

    public override void Write(Utf8JsonWriter writer, TargetHeader value, JsonSerializerOptions options)
    {
        if (value.Secret is null)
        {
            writer.WriteStringValue(value.Value);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("secret", value.Secret);
        writer.WriteEndObject();
    }
}
