using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fluid;
using Fluid.Values;
using Rollcall.Validation;

namespace Rollcall.Templates;

/// <summary>A JSON object or array of an item, or a number that .NET would write in another way, as a template sees it.</summary>
/// <param name="path">Its path from the item, for messages; empty for the item itself.</param>
sealed class ItemValue(JsonElement json, string path) : FluidValue
{
    /// <summary>The name of the item itself, for columns whose names are not names in Liquid: <c>{{ item["First name"] }}</c>.</summary>
    public const string Whole = "item";

    public override FluidValues Type => json.ValueKind switch
    {
        JsonValueKind.Array => FluidValues.Array,
        JsonValueKind.Number => FluidValues.Number,
        _ => FluidValues.Object,
    };

    public override ValueTask<FluidValue> GetValueAsync(string name, TemplateContext context) => new(Find(name));

    public override ValueTask<FluidValue> GetIndexAsync(FluidValue index, TemplateContext context) => new(Find(index.ToStringValue()));

    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) =>
        new StringValue(json.GetRawText()).WriteToAsync(writer, encoder, cultureInfo);

    public override IEnumerable<FluidValue> Enumerate(TemplateContext context) =>
        json.ValueKind == JsonValueKind.Array
            ? json.EnumerateArray().Select((element, i) => Of(element, Path(i.ToString(CultureInfo.InvariantCulture))))
            : [];

    public override bool Equals(FluidValue? other) => other is ItemValue value && value.ToStringValue() == ToStringValue();

    public override bool Equals(object? obj) => obj is FluidValue value && Equals(value);

    public override int GetHashCode() => json.GetRawText().GetHashCode(StringComparison.Ordinal);

    public override bool ToBooleanValue() => true;

    public override decimal ToNumberValue() =>
        json.ValueKind != JsonValueKind.Number ? 0
        : json.TryGetDecimal(out decimal value) ? value
        : throw new TemplateException($"has the number {json.GetRawText()} for {{{{{path}}}}}, which is too large to compute with.");

    public override string ToStringValue() => json.GetRawText();

    public override object ToObjectValue() => json;

    /// <summary>The value of JSON in a template. Numbers are written as they are in the item.</summary>
    public static FluidValue Of(JsonElement json, string path) => json.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => new MissingValue(path),
        JsonValueKind.True => BooleanValue.True,
        JsonValueKind.False => BooleanValue.False,
        JsonValueKind.String => json.GetString() is { Length: > 0 } text ? new StringValue(text) : new EmptyValue(path),
        JsonValueKind.Number => Number(json, path),
        _ => new ItemValue(json, path),
    };

    static FluidValue Number(JsonElement json, string path) =>
        json.TryGetDecimal(out decimal value) && value.ToString("G29", CultureInfo.InvariantCulture) == json.GetRawText()
            ? NumberValue.Create(value)
            : new ItemValue(json, path);

    FluidValue Find(string name)
    {
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var property))
        {
            return Of(property, Path(name));
        }

        if (json.ValueKind == JsonValueKind.Array
            && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && index < json.GetArrayLength())
        {
            return Of(json[index], Path(name));
        }

        return path.Length == 0 && name == Whole ? this : new MissingValue(Path(name), () => FindNear(name));
    }

    string? FindNear(string name) =>
        json.ValueKind == JsonValueKind.Object && NearName.Find(name, json.EnumerateObject().Select(property => property.Name)) is { } near
            ? Path(near)
            : null;

    string Path(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
