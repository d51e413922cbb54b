using Rollcall.Batches;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>Tells a batch that was deleted while it was read from a damaged one.</summary>
/// <param name="store">Where the batch is stored.</param>
/// <param name="manifest">The batch.</param>
sealed class DeletionCheck(IBatchStore store, BatchManifest manifest)
{
    /// <summary>Reads from the batch. Data removed by a deletion is not damaged.</summary>
    /// <exception cref="BatchGoneException">The batch was deleted meanwhile.</exception>
    public async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is DamagedDataException or InvalidDataException or IOException)
        {
            await RequireSameAsync(receipt: null);
            throw;
        }
    }

    /// <summary>
    /// Requires that the batch still exists. Without a receipt that says what there is, the results of a deleted batch would look like
    /// those of one that has none yet.
    /// </summary>
    /// <exception cref="BatchGoneException">The batch was deleted meanwhile.</exception>
    public async Task<BatchManifest> RequireSameAsync(Receipt? receipt) =>
        receipt is not null || (await store.FindManifestAsync(manifest.Id, CancellationToken.None))?.CreatedAt == manifest.CreatedAt
            ? manifest
            : throw new BatchGoneException(manifest.Id);
}
