using Rollcall.Batches;

namespace Rollcall.Storage;

static class BatchStoreExtensions
{
    /// <summary>Reads the manifest of a batch that is running, and so must have one.</summary>
    public static async ValueTask<BatchManifest> GetManifestAsync(this IBatchStore store, string batchId) =>
        await store.FindManifestAsync(batchId, CancellationToken.None)
            ?? throw new InvalidOperationException($"Batch '{batchId}' has no manifest in its store.");
}
