using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Rollcall.Validation;

/// <summary>
/// Texts of a JSON request. JSON lets <c>\ud800</c> alone stand in a string, which is half of a character: there is no text for it, and
/// the readers throw.
/// </summary>
static class JsonTexts
{
    /// <summary>What is wrong with a string that has no text.</summary>
    public const string HalfCharacter = "has half of a surrogate pair, such as \\ud800 alone.";

    /// <summary>The name of the field that a reader is at; as it is spelled where it has no text, which no known name is.</summary>
    public static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    /// <summary>As the other, for a field of an element.</summary>
    public static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(property));
        }
    }

    /// <summary>The text of the string that a reader is at; null where it has none.</summary>
    public static string? Find(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The text of a string; null where it has none.</summary>
    public static string? Find(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
