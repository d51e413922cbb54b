using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Rollcall.Validation;

/// <summary>
/// Strings of a JSON request. JSON allows <c>\ud800</c> alone in a string, which is half of a character. It cannot be converted to text,
/// and the readers throw.
/// </summary>
static class JsonTexts
{
    /// <summary>The error of a string that cannot be converted.</summary>
    public const string HalfCharacter = "has half of a surrogate pair, such as \\ud800 alone.";

    /// <summary>
    /// The name of the field that a reader is at. If it cannot be converted, its escaped form, which no known name equals.
    /// </summary>
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

    /// <summary>The same for a field of an element.</summary>
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

    /// <summary>The text of the string that a reader is at; null if it cannot be converted.</summary>
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

    /// <summary>The text of a string; null if it cannot be converted.</summary>
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
