using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Storage;

/// <summary>What the catalog stores beside its entries.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(BatchDeletion))]
[JsonSerializable(typeof(Rejection))]
public sealed partial class StorageJson : JsonSerializerContext
{
    /// <summary>The context to use: see <see cref="RollcallJson"/>.</summary>
    public static StorageJson Compact { get; } = new(RollcallJson.CreateOptions());
}
