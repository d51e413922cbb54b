using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rollcall.Serialization;

/// <summary>
/// How all JSON is written that Rollcall stores or passes between its orchestrators and activities. Each floor has a source-generated
/// context of its own types.
/// </summary>
static class RollcallJson
{
    /// <summary>
    /// Makes the options of a context. They escape only what JSON requires: the output is never placed in HTML, and answers that are JSON
    /// themselves would otherwise grow threefold.
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
