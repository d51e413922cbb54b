using System.Text.Json;

namespace Rollcall.Validation;

/// <summary>Says what a JSON value is that should be another. Texts are not repeated: one may be a secret in the wrong place.</summary>
static class JsonKind
{
    /// <summary>Says what a value is.</summary>
    public static string Of(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? ShortText.Of(value.GetRawText()) : Of(value.ValueKind);

    static string Of(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.String => "a string",
        JsonValueKind.Array => "an array",
        _ => "an object",
    };
}
