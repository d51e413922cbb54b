using System.Text.Json;

namespace Rollcall.Validation;

/// <summary>Describes a JSON value of the wrong kind. Strings are not repeated: one may be a secret in the wrong place.</summary>
static class JsonKind
{
    /// <summary>Describes a value.</summary>
    public static string Of(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? ShortText.Of(value.GetRawText()) : Of(value.ValueKind);

    /// <summary>Says what the value is that a token begins.</summary>
    public static string Of(JsonTokenType token) => token switch
    {
        JsonTokenType.Null => "null",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.StartArray => "an array",
        _ => "an object",
    };

    static string Of(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Null => Of(JsonTokenType.Null),
        JsonValueKind.True => Of(JsonTokenType.True),
        JsonValueKind.False => Of(JsonTokenType.False),
        JsonValueKind.String => Of(JsonTokenType.String),
        JsonValueKind.Array => Of(JsonTokenType.StartArray),
        _ => Of(JsonTokenType.StartObject),
    };
}
