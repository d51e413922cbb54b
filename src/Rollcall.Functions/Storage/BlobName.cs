using System.Globalization;

namespace Rollcall.Functions.Storage;

/// <summary>The names of a batch's blobs.</summary>
static class BlobName
{
    public static string Manifest(string batchId) => $"{batchId}/manifest.json";

    public static string Receipt(string batchId) => $"{batchId}/receipt.json";

    public static string Input(string batchId, int shard) => $"{batchId}/input/{Number(shard)}.items";

    public static string Results(string batchId, int shard) => $"{batchId}/results/{Number(shard)}.jsonl";

    public static string Body(string batchId, int shard, string name) => $"{Bodies(batchId, shard)}{name}";

    /// <summary>What the names of all bodies of a shard start with.</summary>
    public static string Bodies(string batchId, int shard) => $"{batchId}/bodies/{Number(shard)}/";

    static string Number(int shard) => shard.ToString("D6", CultureInfo.InvariantCulture);
}
