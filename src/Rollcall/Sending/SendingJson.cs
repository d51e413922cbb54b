using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Sending;

/// <summary>The JSON records that senders in several processes share.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SlotMark))]
public sealed partial class SendingJson : JsonSerializerContext
{
    /// <summary>The context to use: see <see cref="RollcallJson"/>.</summary>
    public static SendingJson Compact { get; } = new(RollcallJson.CreateOptions());
}
