using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Storage;

/// <summary>
/// Where a batch's items, bodies, results and receipt are kept. A write that returned is durable: it survives a crash of the process
/// and of the machine. Every method can be called again after a crash with the same arguments.
/// </summary>
/// <remarks>
/// Methods throw <see cref="IOException"/> when the storage itself fails; what was not written is then not there. They throw
/// <see cref="DamagedDataException"/> when what is read is not what was written; but for bodies, whose hash is in their outcome. Of a
/// record that is a <see cref="DamagedBatchException"/>, which says nothing of other batches.
/// </remarks>
public interface IBatchStore
{
    /// <summary>
    /// How long after a manifest was deleted another process may still go by it. Only after that can its id be of another batch, and
    /// nothing of the old one come up in the new. Zero where one process has the store.
    /// </summary>
    TimeSpan ManifestAge { get; }

    /// <summary>Stores all items of a batch, reading the sequence once and holding a bounded number in memory.</summary>
    /// <remarks>
    /// Each call stores a set of its own, so that two intakes of one batch never mix. The manifest says which set counts.
    /// </remarks>
    /// <param name="itemsName">
    /// The set's name, for <see cref="BatchManifest.ItemsName"/>: 32 hexadecimal digits that no other set of the batch has.
    /// </param>
    /// <param name="items">The items in order.</param>
    /// <param name="itemsPerShard">How many items a shard has.</param>
    /// <param name="cancellationToken">Stops the writing; the set is then of no use.</param>
    /// <returns>A task that ends when they are stored.</returns>
    /// <exception cref="BatchGoneException">What was stored is gone: another caller's batch of the id was deleted meanwhile.</exception>
    Task WriteItemsAsync(
        string batchId, string itemsName, IAsyncEnumerable<BatchItem> items, int itemsPerShard, CancellationToken cancellationToken);

    /// <summary>Deletes a set of items that no manifest names.</summary>
    /// <param name="itemsName">The name that <see cref="WriteItemsAsync"/> was given.</param>
    /// <returns>A task that ends when it is gone.</returns>
    Task DeleteItemsAsync(string batchId, string itemsName, CancellationToken cancellationToken);

    /// <summary>Reads one item.</summary>
    /// <param name="index">The item's index, from 0.</param>
    /// <returns>The item, its payload byte for byte as it was stored.</returns>
    /// <exception cref="DamagedDataException">What is stored is not what was taken in.</exception>
    ValueTask<BatchItem> ReadItemAsync(BatchManifest manifest, long index, CancellationToken cancellationToken);

    /// <summary>Reads one item's id, without its payload.</summary>
    /// <param name="index">The item's index, from 0.</param>
    /// <returns>The id; null where the item has none.</returns>
    /// <exception cref="DamagedDataException">What is stored is not what was taken in.</exception>
    ValueTask<string?> ReadIdAsync(BatchManifest manifest, long index, CancellationToken cancellationToken);

    /// <summary>Stores what a batch is, unless there is a batch of that id. From then on it can be run.</summary>
    /// <returns>Whether this manifest is the batch's now; otherwise the first one stays.</returns>
    /// <exception cref="BatchGoneException">
    /// Its items are gone: another caller's batch of the id was deleted since they were stored.
    /// </exception>
    Task<bool> WriteManifestAsync(BatchManifest manifest, CancellationToken cancellationToken);

    /// <summary>Reads what a batch is.</summary>
    /// <returns>The manifest as it is now, or null where the intake of this batch did not end, or it was deleted.</returns>
    ValueTask<BatchManifest?> FindManifestAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>The manifest of a batch that is running, and so must have one: for what reads it over and over.</summary>
    /// <returns>The manifest, as it was within <see cref="ManifestAge"/>.</returns>
    /// <exception cref="DamagedBatchException">There is none, or it cannot be read.</exception>
    ValueTask<BatchManifest> GetManifestAsync(string batchId);

    /// <summary>
    /// Deletes a part of a batch, its manifest first: from then on the batch does not exist. It must have ended, and nothing may write to
    /// it.
    /// </summary>
    /// <param name="most">How many pieces to delete at the most, from 1; a piece is a file or a blob.</param>
    /// <returns>Whether there may be more of it.</returns>
    Task<bool> DeleteAsync(string batchId, int most, CancellationToken cancellationToken);

    /// <summary>Stores one body that is too large to be kept inline.</summary>
    /// <param name="write">Writes the body to the stream that it is given.</param>
    /// <returns>The name for <see cref="FindBodyAsync"/>, unique for each call.</returns>
    Task<string> WriteBodyAsync(string batchId, int shard, Func<Stream, Task> write, CancellationToken cancellationToken);

    /// <summary>Opens a stored body.</summary>
    /// <param name="name">The name that <see cref="WriteBodyAsync"/> returned.</param>
    /// <returns>The body's bytes, which the caller compares with their hash; null where there are none of that name.</returns>
    Task<Stream?> FindBodyAsync(string batchId, int shard, string name, CancellationToken cancellationToken);

    /// <summary>Deletes the bodies of a shard, whose results hold them by now.</summary>
    /// <returns>A task that ends when they are gone.</returns>
    Task DeleteBodiesAsync(string batchId, int shard, CancellationToken cancellationToken);

    /// <summary>Stores what may change of a batch, where what is stored is the version before.</summary>
    /// <returns>Whether it is stored; otherwise another change was first, and stays.</returns>
    /// <exception cref="BatchGoneException">The batch was deleted.</exception>
    Task<bool> WriteControlAsync(BatchControl control, CancellationToken cancellationToken);

    /// <summary>Reads what may change of a batch.</summary>
    /// <returns>The newest version, or null where nothing was changed yet.</returns>
    ValueTask<BatchControl?> FindControlAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>Stores a shard's results of a run: all of what <paramref name="write"/> wrote, or nothing where it failed.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <param name="write">Writes the result lines to the stream that it is given.</param>
    /// <returns>A task that ends when the results are stored.</returns>
    Task WriteResultsAsync(string batchId, int run, int shard, Func<Stream, Task> write, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a shard's results of a run. The first run has every item; a later one only the shards in which it sent something.
    /// </summary>
    /// <param name="run">The run, from 1.</param>
    /// <param name="sha256">The SHA-256 that they must have, by a receipt; null for the one that was stored with them.</param>
    /// <returns>
    /// The result lines, or null where the shard has none of this run. Whoever reads them to their end has read what was written: the
    /// stream throws <see cref="DamagedDataException"/> instead of giving its last bytes where they are not.
    /// </returns>
    /// <exception cref="DamagedDataException">They are not what was written.</exception>
    ValueTask<Stream?> OpenResultsAsync(string batchId, int run, int shard, string? sha256, CancellationToken cancellationToken);

    /// <summary>Deletes a shard's results of a run that is not sealed, because they are damaged.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <returns>A task that ends when they are gone.</returns>
    Task DeleteResultsAsync(string batchId, int run, int shard, CancellationToken cancellationToken);

    /// <summary>Lists the shards that have results of a run.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <returns>Their numbers, ascending.</returns>
    IAsyncEnumerable<int> ListResultsAsync(string batchId, int run, CancellationToken cancellationToken);

    /// <summary>Stores the receipt, which seals the batch.</summary>
    /// <returns>A task that ends when the receipt is stored.</returns>
    Task WriteReceiptAsync(Receipt receipt, CancellationToken cancellationToken);

    /// <summary>Reads the receipt.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <returns>The receipt, or null where the batch is not sealed.</returns>
    ValueTask<Receipt?> FindReceiptAsync(string batchId, int run, CancellationToken cancellationToken);

    /// <summary>Stores that a batch is repaired, unless a repair of that number is stored already.</summary>
    /// <returns>Whether this repair has the number now; otherwise the first one stays.</returns>
    Task<bool> WriteRepairAsync(BatchRepair repair, CancellationToken cancellationToken);

    /// <summary>Reads a repair.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <returns>The repair, or null where there was none of that number.</returns>
    ValueTask<BatchRepair?> FindRepairAsync(string batchId, int run, int number, CancellationToken cancellationToken);

    /// <summary>Stores why a batch failed, unless a reason is stored already: the first one stays.</summary>
    /// <returns>A task that ends when the failure is stored.</returns>
    Task WriteFailureAsync(BatchFailure failure, CancellationToken cancellationToken);

    /// <summary>Reads why a batch failed.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <returns>The failure, or null where the batch did not fail.</returns>
    ValueTask<BatchFailure?> FindFailureAsync(string batchId, int run, CancellationToken cancellationToken);

    /// <summary>Stores what became of the notice of a run, unless that is stored already: the first outcome stays.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <param name="status">What became of it.</param>
    /// <returns>A task that ends when it is stored.</returns>
    Task WriteNoticeAsync(string batchId, int run, NoticeStatus status, CancellationToken cancellationToken);

    /// <summary>Reads what became of the notice of a run.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <returns>What became of it, or null while it is due, and where nobody is to be told.</returns>
    ValueTask<NoticeStatus?> FindNoticeAsync(string batchId, int run, CancellationToken cancellationToken);
}
