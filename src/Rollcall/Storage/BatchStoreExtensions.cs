using Rollcall.Batches;

namespace Rollcall.Storage;

static class BatchStoreExtensions
{
    /// <summary>Reads the manifest for a requested id, which may be any text.</summary>
    public static async ValueTask<BatchManifest?> FindRequestedAsync(
        this IBatchStore store, string id, CancellationToken cancellationToken) =>
        BatchManifest.IsValidId(id) ? await store.FindManifestAsync(id, cancellationToken) : null;

    /// <summary>Reads how the newest run of a batch ended.</summary>
    /// <returns>Its end, or null if it is still running.</returns>
    /// <exception cref="IOException">The store failed.</exception>
    public static async Task<BatchEnd?> FindEndAsync(this IBatchStore store, BatchManifest manifest, CancellationToken cancellationToken)
    {
        int run = (await store.FindControlAsync(manifest.Id, cancellationToken))?.Run ?? 1;
        if (await store.FindReceiptAsync(manifest.Id, run, cancellationToken) is { } receipt)
        {
            return new BatchEnd(BatchEnd.KindOf(receipt.Stop), receipt.SealedAt);
        }

        return await store.FindFailureAsync(manifest.Id, run, cancellationToken) is { } failure
            ? new BatchEnd(EndKind.Failed, failure.FailedAt)
            : null;
    }
}
