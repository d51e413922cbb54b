using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rollcall.Serialization;

/// <summary>
/// The format of all JSON that Rollcall stores or passes between its orchestrators and activities. Each folder has a source-generated
/// context for its own types.
/// </summary>
static class RollcallJson
{
    /// <summary>
    /// Makes the options of a context. They escape only what JSON requires: the output is never placed in HTML, and responses that are JSON
    /// themselves would otherwise become three times as long.
    /// </summary>
    /// <param name="indented">Whether people open the file.</param>
    public static JsonSerializerOptions CreateOptions(bool indented = false) => new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        WriteIndented = indented,
    };
}
