using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Notices;

/// <summary>The JSON that receivers of notices get.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(NoticeEvent))]
public sealed partial class NoticesJson : JsonSerializerContext
{
    /// <summary>The context to use: see <see cref="RollcallJson"/>.</summary>
    public static NoticesJson Compact { get; } = new(RollcallJson.CreateOptions());
}
