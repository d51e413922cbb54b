using System.Text.Json;
using Rollcall.Validation;

namespace Rollcall.Batches;

/// <summary>An option that is true or false.</summary>
sealed class FlagOption(string name, Func<BatchOptions, bool> get, Action<BatchOptions, bool> set) : OptionField(name)
{
    public override string Needed => "true or false";

    public override string? FindError(BatchOptions options) => null;

    public override string? Read(JsonElement value, BatchOptions options)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return $"is {JsonKind.Of(value)}: true and false are allowed.";
        }

        set(options, value.GetBoolean());
        return null;
    }

    public override string? Read(string value, BatchOptions options)
    {
        if (value is not ("true" or "false"))
        {
            return $"is '{ShortText.Of(value)}': true and false are allowed.";
        }

        set(options, value == "true");
        return null;
    }

    public override string? FindText(BatchOptions options) => get(options) ? "true" : "false";
}
