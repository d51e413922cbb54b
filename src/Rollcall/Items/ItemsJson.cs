using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Items;

/// <summary>The parts of an item that are stored as JSON.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(IReadOnlyList<Attempt>))]
[JsonSerializable(typeof(ItemErrorCode))]
[JsonSerializable(typeof(OutcomeStatus))]
[JsonSerializable(typeof(RequestHead))]
public sealed partial class ItemsJson : JsonSerializerContext
{
    /// <summary>The context to use: see <see cref="RollcallJson"/>.</summary>
    public static ItemsJson Compact { get; } = new(RollcallJson.CreateOptions());
}
