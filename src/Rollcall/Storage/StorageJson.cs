using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Storage;

/// <summary>The catalog's records that are stored as JSON.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(BatchDeletion))]
[JsonSerializable(typeof(Rejection))]
public sealed partial class StorageJson : JsonSerializerContext
{
    /// <summary>The context to use: see <see cref="RollcallJson"/>.</summary>
    public static StorageJson Compact { get; } = new(RollcallJson.CreateOptions());
}
