using System.Globalization;

namespace Rollcall.Functions.Storage;

/// <summary>The names of blobs. A batch's blobs start with its id. No id starts with a full stop.</summary>
static class BlobName
{
    /// <summary>The prefix of the names of a list of the catalog.</summary>
    public static string Catalog(string list) => $".catalog/{list}/";

    /// <summary>The prefix of the names of all parts of inputs.</summary>
    public const string AllUploads = ".uploads/";

    /// <summary>The prefix of the names of the parts of an input.</summary>
    public static string Uploads(string batchId) => $"{AllUploads}{batchId}/";

    public static string Upload(string batchId, int part) => string.Create(CultureInfo.InvariantCulture, $"{Uploads(batchId)}{part}");

    /// <summary>The prefix of the names of all blobs of a batch.</summary>
    public static string Batch(string batchId) => $"{batchId}/";

    public static string Manifest(string batchId) => $"{batchId}/manifest.json";

    public static string Control(string batchId) => $"{batchId}/control.json";

    public static string Slots(string batchId) => $"{batchId}/slots.json";

    public static string Receipt(string batchId, int run) => $"{Run(batchId, run)}receipt.json";

    public static string Failure(string batchId, int run) => $"{Run(batchId, run)}failure.json";

    public static string Notice(string batchId, int run) => string.Create(CultureInfo.InvariantCulture, $"{batchId}/notices/{run}.json");

    public static string Repair(string batchId, int run, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Run(batchId, run)}repairs/{number}.json");

    public static string Input(string batchId, string itemsName, int shard) => $"{Inputs(batchId, itemsName)}{Number(shard)}.items";

    public static string IdMarks(string batchId, string itemsName) => $"{Inputs(batchId, itemsName)}ids";

    /// <summary>The prefix of the names of all inputs of a set of items.</summary>
    public static string Inputs(string batchId, string itemsName) => $"{batchId}/input/{itemsName}/";

    public static string Results(string batchId, int run, int shard) => $"{AllResults(batchId, run)}{Number(shard)}.jsonl";

    /// <summary>The prefix of the names of all results of a run of a batch.</summary>
    public static string AllResults(string batchId, int run) => $"{Run(batchId, run)}results/";

    public static string Body(string batchId, int shard, string name) => $"{Bodies(batchId, shard)}{name}";

    /// <summary>The prefix of the names of all bodies of a shard.</summary>
    public static string Bodies(string batchId, int shard) => $"{batchId}/bodies/{Number(shard)}/";

    static string Run(string batchId, int run) =>
        run == 1 ? $"{batchId}/" : string.Create(CultureInfo.InvariantCulture, $"{batchId}/runs/{run}/");

    // Ten digits, so that names and shards always have the same order.
    static string Number(int shard) => shard.ToString("D10", CultureInfo.InvariantCulture);
}
