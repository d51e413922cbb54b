using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rollcall.Progress;

/// <summary>Writes a histogram as its text.</summary>
sealed class DurationHistogramConverter : JsonConverter<DurationHistogram>
{
    public override DurationHistogram Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DurationHistogram.Decode(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, DurationHistogram value, JsonSerializerOptions options) => writer.WriteStringValue(value.Encode());
}
