using Rollcall.Batches;

namespace Rollcall.Storage;

static class BatchStoreExtensions
{
    /// <summary>Reads the manifest of a batch that somebody asks for by a text that need not be an id.</summary>
    public static async ValueTask<BatchManifest?> FindRequestedAsync(this IBatchStore store, string id, CancellationToken cancellationToken) =>
        BatchManifest.IsValidId(id) ? await store.FindManifestAsync(id, cancellationToken) : null;
}
