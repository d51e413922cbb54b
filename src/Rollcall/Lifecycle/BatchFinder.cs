using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Storage;

namespace Rollcall.Lifecycle;

/// <summary>Finds a batch, and tells one that lost its manifest from one that never was.</summary>
/// <param name="store">Where the batches are.</param>
sealed class BatchFinder(IBatchStore store, IBatchCatalog catalog)
{
    /// <summary>Finds the batch of an id that somebody asks for, by a text that need not be one.</summary>
    /// <param name="scheduler">Has run it, if it was a batch.</param>
    /// <returns>The batch, or null where there is none.</returns>
    /// <exception cref="DamagedBatchException">There is one, and its manifest is missing or cannot be read.</exception>
    public async Task<BatchManifest?> FindAsync(string id, IBatchScheduler scheduler, CancellationToken cancellationToken)
    {
        if (!BatchManifest.IsValidId(id))
        {
            return null;
        }

        if (await store.FindManifestAsync(id, cancellationToken) is { } manifest)
        {
            return manifest;
        }

        // A deletion takes the manifest first and the engine's records later; a start writes the manifest before there are any.
        return await catalog.FindDeletionAsync(id, cancellationToken) is null
            && await scheduler.FindAsync(id, cancellationToken) is not null
            ? await store.FindManifestAsync(id, cancellationToken) ?? throw new DamagedBatchException(id, "manifest.json is missing.")
            : null;
    }

    /// <summary>
    /// Finds the entries of an id by looking through the whole catalog, for a batch that does not say itself when it came.
    /// </summary>
    /// <returns>The entries, the newest first. There are several where several intakes of the id ran at once.</returns>
    public async Task<IReadOnlyList<CatalogEntry>> FindEntriesAsync(string id, CancellationToken cancellationToken) =>
        await catalog
            .ListAllAsync(CatalogList.All, new CatalogRange(), cancellationToken)
            .Where(entry => entry.BatchId == id)
            .ToListAsync(cancellationToken);
}
