using System.Globalization;
using System.Text.Json;
using Rollcall.Intake;
using Rollcall.Serialization;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>Reads what decides which items an input has, from parameters of a query and from fields of a JSON request.</summary>
sealed class InputFields
{
    /// <summary>The parameter that has the format.</summary>
    public const string Format = "input";

    /// <summary>The parameter that has the types of columns.</summary>
    public const string CsvTypes = "csvTypes";

    /// <summary>The parameter that names the column or field of the items' ids.</summary>
    public const string ItemId = "itemId";

    /// <summary>The parameter that allows ids to repeat.</summary>
    public const string AllowDuplicateIds = "allowDuplicateIds";

    /// <summary>The parameter that has the number of items after which reading stops.</summary>
    public const string Limit = "limit";

    const int MaxIdLength = 1000;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [Format, CsvTypes, ItemId, AllowDuplicateIds, Limit];

    /// <summary>What was read.</summary>
    public InputOptions Options { get; private set; } = new();

    /// <summary>Reads a parameter.</summary>
    /// <returns>What is wrong, as the rest of a sentence whose subject is the parameter; null if nothing is.</returns>
    public string? Read(string name, string value)
    {
        string? error = name switch
        {
            Format => KebabCase.Find<InputFormat>(value) is { } format ? Take(Options with { Format = format })
                : $"{InputFormats.Allowed} are allowed.",
            CsvTypes => KebabCase.Find<CsvTypes>(value) is { } types ? Take(Options with { CsvTypes = types })
                : "'infer' and 'string' are allowed.",
            ItemId => value.Length is > 0 and <= MaxIdLength ? Take(Options with { Id = value })
                : $"the name of a column or field, or a JSON Pointer, of at most {MaxIdLength} characters is needed.",
            AllowDuplicateIds => value is "true" or "false" ? Take(Options with { AllowDuplicateIds = value == "true" })
                : "true and false are allowed.",
            _ => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) && limit > 0
                ? Take(Options with { Limit = limit })
                : "a whole number of at least 1 is needed.",
        };
        return error is null ? null : $"is '{ShortText.Of(value)}': {error}";
    }

    /// <summary>Reads a field.</summary>
    public void Read(string name, JsonField field)
    {
        var kind = field.Value.ValueKind;
        bool isPlain = name == Limit ? kind == JsonValueKind.Number
            : name == AllowDuplicateIds && kind is JsonValueKind.True or JsonValueKind.False;
        string? text = isPlain ? field.Value.GetRawText()
            : name is Limit or AllowDuplicateIds ? Refuse(field, name == Limit ? "a whole number of at least 1" : "true or false")
            : field.ReadText(name == Format ? $"one of {InputFormats.Allowed}" : "a string");
        field.Refuse(text is null ? null : Read(name, text));
    }

    static string? Refuse(JsonField field, string needed)
    {
        field.Refuse($"is {JsonKind.Of(field.Value)}: {needed} is needed.");
        return null;
    }

    string? Take(InputOptions options)
    {
        Options = options;
        return null;
    }
}
