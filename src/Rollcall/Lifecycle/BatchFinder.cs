using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Storage;

namespace Rollcall.Lifecycle;

/// <summary>Finds a batch, and distinguishes one that lost its manifest from one that never existed.</summary>
/// <param name="store">Where the batches are stored.</param>
sealed class BatchFinder(IBatchStore store, IBatchCatalog catalog)
{
    /// <summary>Finds the batch for a requested id, which may be any text.</summary>
    /// <param name="scheduler">Has run it, if there was such a batch.</param>
    /// <returns>The batch, or null if there is none.</returns>
    /// <exception cref="DamagedBatchException">The batch exists, but its manifest is missing or cannot be read.</exception>
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

        // A deletion removes the manifest first and the engine's records later; a start writes the manifest before there are any records.
        return await catalog.FindDeletionAsync(id, cancellationToken) is null
            && await scheduler.FindAsync(id, cancellationToken) is not null
            ? await store.FindManifestAsync(id, cancellationToken) ?? throw new DamagedBatchException(id, "manifest.json is missing.")
            : null;
    }

    /// <summary>
    /// Finds the entries with an id by reading the whole catalog, for a batch that no longer says when it was accepted.
    /// </summary>
    /// <returns>The entries, newest first. There are several if several intakes of the id ran at once.</returns>
    public async Task<IReadOnlyList<CatalogEntry>> FindEntriesAsync(string id, CancellationToken cancellationToken) =>
        await catalog
            .ListAllAsync(CatalogList.All, new CatalogRange(), cancellationToken)
            .Where(entry => entry.BatchId == id)
            .ToListAsync(cancellationToken);
}
