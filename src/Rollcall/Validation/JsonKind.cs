using System.Text.Json;

namespace Rollcall.Validation;

/// <summary>Describes a JSON value of the wrong kind. Strings are not repeated: one may be a secret in the wrong place.</summary>
static class JsonKind
{
    /// <summary>Describes a value.</summary>
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
