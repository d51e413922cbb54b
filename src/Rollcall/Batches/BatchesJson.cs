using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Batches;

/// <summary>The records of a batch that are stored as JSON.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(BatchControl))]
[JsonSerializable(typeof(BatchFailure))]
[JsonSerializable(typeof(BatchManifest))]
[JsonSerializable(typeof(BatchRepair))]
[JsonSerializable(typeof(NoticeStatus))]
[JsonSerializable(typeof(Receipt))]
public sealed partial class BatchesJson : JsonSerializerContext
{
    /// <summary>The context to use: see <see cref="RollcallJson"/>.</summary>
    public static BatchesJson Compact { get; } = new(RollcallJson.CreateOptions());

    /// <summary>As <see cref="Compact"/>, indented for files that people open.</summary>
    public static BatchesJson Indented { get; } = new(RollcallJson.CreateOptions(indented: true));
}
