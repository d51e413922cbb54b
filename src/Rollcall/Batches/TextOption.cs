using System.Text.Json;
using Rollcall.Validation;

namespace Rollcall.Batches;

/// <summary>An option that is a text of a certain form.</summary>
/// <param name="needed">See <see cref="OptionField.Needed"/>.</param>
/// <param name="find">Says what is wrong with a text, as the rest of a sentence whose subject is the option; null if nothing is.</param>
/// <param name="isNullable">Whether null, which means none, is allowed.</param>
sealed class TextOption(
    string name,
    string needed,
    Func<string, string?> find,
    bool isNullable,
    Func<BatchOptions, string?> get,
    Action<BatchOptions, string?> set) : OptionField(name)
{
    public override string Needed => needed;

    public override string? FindError(BatchOptions options) => get(options) is { } text ? find(text) : null;

    public override string? Read(JsonElement value, BatchOptions options)
    {
        if (value.ValueKind == JsonValueKind.Null && isNullable)
        {
            set(options, null);
            return null;
        }

        return value.ValueKind != JsonValueKind.String
            ? $"is {JsonKind.Of(value)}: {needed} is needed."
            : JsonTexts.Find(value) is { } text ? Read(text, options) : JsonTexts.HalfCharacter;
    }

    public override string? Read(string value, BatchOptions options)
    {
        if (find(value) is { } error)
        {
            return error;
        }

        set(options, value);
        return null;
    }

    public override string? FindText(BatchOptions options) => get(options);
}
