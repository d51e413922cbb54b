using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Storage;

/// <summary>
/// Stores a batch's items, bodies, results and receipt. A completed write is durable: it survives a crash of the process and of the
/// machine. Every method can be called again after a crash with the same arguments.
/// </summary>
/// <remarks>
/// Methods throw <see cref="IOException"/> when the storage itself fails; a failed write leaves nothing behind. They throw
/// <see cref="DamagedDataException"/> when what they read is not what was written, except for bodies, whose hash is in their outcome. For
/// a record, that is a <see cref="DamagedBatchException"/>, which affects no other batch.
/// </remarks>
public interface IBatchStore
{
    /// <summary>
    /// How long another process may still use a manifest after it was deleted. Only after that time can the id be used for another batch,
    /// or parts of the old batch could appear in the new one. Zero if only one process uses the store.
    /// </summary>
    TimeSpan ManifestAge { get; }

    /// <summary>Stores all items of a batch. Reads the sequence once and holds a limited number of items in memory.</summary>
    /// <remarks>
    /// Each call stores a separate set, so that two intakes of one batch never mix. The manifest says which set counts.
    /// </remarks>
    /// <param name="itemsName">
    /// The set's name, for <see cref="BatchManifest.ItemsName"/>: 32 hexadecimal digits that no other set of the batch has.
    /// </param>
    /// <param name="items">The items in order.</param>
    /// <param name="cancellationToken">Stops the writing; the set is then unusable.</param>
    /// <returns>A task that completes when they are stored.</returns>
    /// <exception cref="BatchGoneException">
    /// The stored items are gone: another caller's batch with this id was deleted meanwhile.
    /// </exception>
    Task WriteItemsAsync(
        string batchId, string itemsName, IAsyncEnumerable<BatchItem> items, int itemsPerShard, CancellationToken cancellationToken);

    /// <summary>Deletes a set of items that no manifest names.</summary>
    /// <param name="itemsName">The name that <see cref="WriteItemsAsync"/> was given.</param>
    /// <returns>A task that completes when it is gone.</returns>
    Task DeleteItemsAsync(string batchId, string itemsName, CancellationToken cancellationToken);

    /// <summary>Reads one item.</summary>
    /// <param name="index">The item's index, from 0.</param>
    /// <returns>The item, its payload byte for byte as it was stored.</returns>
    /// <exception cref="DamagedDataException">The stored item is not what was accepted.</exception>
    ValueTask<BatchItem> ReadItemAsync(BatchManifest manifest, long index, CancellationToken cancellationToken);

    /// <summary>Reads one item's id, without its payload.</summary>
    /// <param name="index">The item's index, from 0.</param>
    /// <returns>The id; null if the item has none.</returns>
    /// <exception cref="DamagedDataException">The stored item is not what was accepted.</exception>
    ValueTask<string?> ReadIdAsync(BatchManifest manifest, long index, CancellationToken cancellationToken);

    /// <summary>Opens the marks of a batch's ids: see <see cref="IdMarks"/>.</summary>
    /// <param name="manifest">The batch, which must have ids.</param>
    /// <returns>
    /// The marks. Whoever reads them to their end has read what was written: otherwise the stream throws
    /// <see cref="DamagedDataException"/> instead of returning the last bytes.
    /// </returns>
    /// <exception cref="DamagedDataException">They are not what was written, or are missing.</exception>
    ValueTask<Stream> OpenIdMarksAsync(BatchManifest manifest, CancellationToken cancellationToken);

    /// <summary>Stores the manifest, unless there is a batch with this id. From then on the batch can be run.</summary>
    /// <returns>Whether this manifest was stored; otherwise the existing one stays.</returns>
    /// <exception cref="BatchGoneException">
    /// The batch's items are gone: another caller's batch with this id was deleted since they were stored.
    /// </exception>
    Task<bool> WriteManifestAsync(BatchManifest manifest, CancellationToken cancellationToken);

    /// <summary>Reads a batch's manifest.</summary>
    /// <returns>The current manifest, or null if the batch's intake has not completed or the batch was deleted.</returns>
    ValueTask<BatchManifest?> FindManifestAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>The manifest of a running batch, which must have one. For callers that need it often.</summary>
    /// <returns>The manifest, at most <see cref="ManifestAge"/> old.</returns>
    /// <exception cref="DamagedBatchException">There is none, or it cannot be read.</exception>
    ValueTask<BatchManifest> GetManifestAsync(string batchId);

    /// <summary>
    /// Deletes a part of a batch, its manifest first: from then on the batch does not exist. It must have ended, and nothing may write to
    /// it.
    /// </summary>
    /// <param name="most">The maximum number of files or blobs to delete, from 1.</param>
    /// <returns>Whether there may be more to delete.</returns>
    Task<bool> DeleteAsync(string batchId, int most, CancellationToken cancellationToken);

    /// <summary>Stores one body that is too large to be kept inline.</summary>
    /// <param name="write">Writes the body to the stream it is given.</param>
    /// <returns>The name for <see cref="FindBodyAsync"/>, unique for each call.</returns>
    Task<string> WriteBodyAsync(string batchId, int shard, Func<Stream, Task> write, CancellationToken cancellationToken);

    /// <summary>Opens a stored body.</summary>
    /// <param name="name">The name that <see cref="WriteBodyAsync"/> returned.</param>
    /// <returns>The body's bytes, which the caller checks against their hash; null if there is no body of that name.</returns>
    Task<Stream?> FindBodyAsync(string batchId, int shard, string name, CancellationToken cancellationToken);

    /// <summary>Deletes the bodies of a shard once its results contain them.</summary>
    /// <returns>A task that completes when they are gone.</returns>
    Task DeleteBodiesAsync(string batchId, int shard, CancellationToken cancellationToken);

    /// <summary>Stores a batch's control if the stored one is the previous version.</summary>
    /// <returns>Whether it was stored; otherwise another change came first and stays.</returns>
    /// <exception cref="BatchGoneException">The batch was deleted.</exception>
    Task<bool> WriteControlAsync(BatchControl control, CancellationToken cancellationToken);

    /// <summary>Reads a batch's control.</summary>
    /// <returns>The newest version, or null if nothing was changed yet.</returns>
    ValueTask<BatchControl?> FindControlAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>Stores a shard's results of a run: everything that <paramref name="write"/> wrote, or nothing if it failed.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <param name="write">Writes the result lines to the stream it is given.</param>
    /// <returns>A task that completes when the results are stored.</returns>
    Task WriteResultsAsync(string batchId, int run, int shard, Func<Stream, Task> write, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a shard's results of a run. The first run has every item; a later one has only the shards in which it sent something.
    /// </summary>
    /// <param name="run">The run, from 1.</param>
    /// <param name="sha256">The SHA-256 that a receipt requires; null for the one that was stored with the results.</param>
    /// <returns>
    /// The result lines, or null if the shard has none of this run. Whoever reads them to their end has read what was written: otherwise
    /// the stream throws <see cref="DamagedDataException"/> instead of returning the last bytes.
    /// </returns>
    /// <exception cref="DamagedDataException">The results are not what was written.</exception>
    ValueTask<Stream?> OpenResultsAsync(string batchId, int run, int shard, string? sha256, CancellationToken cancellationToken);

    /// <summary>Deletes a shard's damaged results of a run that is not sealed.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <returns>A task that completes when they are gone.</returns>
    Task DeleteResultsAsync(string batchId, int run, int shard, CancellationToken cancellationToken);

    /// <summary>Lists the shards that have results of a run, in ascending order.</summary>
    /// <param name="run">The run, from 1.</param>
    IAsyncEnumerable<int> ListResultsAsync(string batchId, int run, CancellationToken cancellationToken);

    /// <summary>Stores the receipt, which seals the batch.</summary>
    /// <returns>A task that completes when the receipt is stored.</returns>
    Task WriteReceiptAsync(Receipt receipt, CancellationToken cancellationToken);

    /// <summary>Reads the receipt.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <returns>The receipt, or null if the batch is not sealed.</returns>
    ValueTask<Receipt?> FindReceiptAsync(string batchId, int run, CancellationToken cancellationToken);

    /// <summary>Stores that a batch is being repaired, unless a repair with that number is stored already.</summary>
    /// <returns>Whether this repair has the number now; otherwise the existing one stays.</returns>
    Task<bool> WriteRepairAsync(BatchRepair repair, CancellationToken cancellationToken);

    /// <summary>Reads a repair.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <returns>The repair, or null if there was none with that number.</returns>
    ValueTask<BatchRepair?> FindRepairAsync(string batchId, int run, int number, CancellationToken cancellationToken);

    /// <summary>Stores why a batch failed, unless a reason is stored already. The first one stays.</summary>
    /// <returns>A task that completes when the failure is stored.</returns>
    Task WriteFailureAsync(BatchFailure failure, CancellationToken cancellationToken);

    /// <summary>Reads why a batch failed.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <returns>The failure, or null if the batch did not fail.</returns>
    ValueTask<BatchFailure?> FindFailureAsync(string batchId, int run, CancellationToken cancellationToken);

    /// <summary>Stores the final status of a run's notice, unless one is stored already. The first one stays.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <returns>A task that completes when it is stored.</returns>
    Task WriteNoticeAsync(string batchId, int run, NoticeStatus status, CancellationToken cancellationToken);

    /// <summary>Reads the final status of a run's notice.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <returns>The status, or null while the notice is due and if nobody is to be notified.</returns>
    ValueTask<NoticeStatus?> FindNoticeAsync(string batchId, int run, CancellationToken cancellationToken);
}
