using Rollcall.Batches;

namespace Rollcall.Storage;

/// <summary>
/// Lists batches, and the requests for batches that were rejected without a caller there to be told. What it notes of a batch besides that
/// it is there tells where to look; what is so is in the batch's own store.
/// </summary>
/// <remarks>Methods throw <see cref="IOException"/> when the storage itself fails. Each can be called again after a crash.</remarks>
public interface IBatchCatalog
{
    /// <summary>Adds a batch, which is open from then on. Its manifest may come later, or never.</summary>
    /// <param name="createdAt">When it came: what the lists are ordered by.</param>
    /// <returns>A task that ends when the entry is durable.</returns>
    Task AddAsync(string batchId, DateTimeOffset createdAt, CancellationToken cancellationToken);

    /// <summary>Notes that a set of items is about to be stored.</summary>
    /// <returns>A task that ends when the note is durable.</returns>
    Task BeginIntakeAsync(IntakeEntry intake, CancellationToken cancellationToken);

    /// <summary>Says whether an intake's note is still there: where it is not, its items are being deleted.</summary>
    /// <returns>Whether it is.</returns>
    Task<bool> HasIntakeAsync(IntakeEntry intake, CancellationToken cancellationToken);

    /// <summary>Removes an intake's note.</summary>
    /// <returns>A task that ends when the note is gone.</returns>
    Task EndIntakeAsync(IntakeEntry intake, CancellationToken cancellationToken);

    /// <summary>Lists the intakes that began before a time and have not ended, the oldest first.</summary>
    /// <returns>The notes. They may be removed while they are listed.</returns>
    IAsyncEnumerable<IntakeEntry> ListIntakesAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Lists a page, at a cost that goes by what is on it, and not by what is in the catalog.</summary>
    /// <param name="range">When what is listed came.</param>
    /// <param name="after">The <see cref="CatalogPage.Next"/> of the page before, or the key of an entry; null for the first page.</param>
    /// <param name="most">How many entries at the most: 1 to 5,000.</param>
    /// <returns>The page. A batch that two callers started at once may have more than one entry.</returns>
    Task<CatalogPage> ListAsync(CatalogList list, CatalogRange range, string? after, int most, CancellationToken cancellationToken);

    /// <summary>Takes a batch from those that are open, and lists it among those that ended in its way.</summary>
    /// <param name="batchEnd">How and when it ended.</param>
    /// <returns>A task that ends when that is durable.</returns>
    Task CloseAsync(CatalogEntry entry, BatchEnd batchEnd, CancellationToken cancellationToken);

    /// <summary>Puts a batch among those that are open again.</summary>
    /// <param name="batchEnd">The end that it is no longer at.</param>
    /// <returns>A task that ends when that is durable.</returns>
    Task ReopenAsync(CatalogEntry entry, BatchEnd batchEnd, CancellationToken cancellationToken);

    /// <summary>Takes a batch from all lists.</summary>
    /// <param name="batchEnd">How and when it ended; null for a batch that was never closed.</param>
    /// <returns>A task that ends when it is in none.</returns>
    Task RemoveAsync(CatalogEntry entry, BatchEnd? batchEnd, CancellationToken cancellationToken);

    /// <summary>Lists the notes of batches that ended before a time, the oldest end first.</summary>
    /// <returns>The notes. They may be removed while they are listed.</returns>
    IAsyncEnumerable<EndedEntry> ListEndedAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Removes a note that is no longer so: the batch is not at this end.</summary>
    /// <returns>A task that ends when it is gone.</returns>
    Task ForgetEndAsync(EndedEntry ended, CancellationToken cancellationToken);

    /// <summary>Notes that a batch is being deleted, in the place of an earlier note.</summary>
    /// <returns>A task that ends when the note is durable.</returns>
    Task WriteDeletionAsync(BatchDeletion deletion, CancellationToken cancellationToken);

    /// <summary>Reads whether a batch is being deleted.</summary>
    /// <returns>The note, or null where it is not.</returns>
    Task<BatchDeletion?> FindDeletionAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>Lists the batches that are being deleted.</summary>
    /// <returns>The notes. They may be removed while they are listed.</returns>
    IAsyncEnumerable<BatchDeletion> ListDeletionsAsync(CancellationToken cancellationToken);

    /// <summary>Removes the note that a batch is being deleted, whose id can be used again from then on.</summary>
    /// <returns>A task that ends when the note is gone.</returns>
    Task RemoveDeletionAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>Notes a request that was rejected.</summary>
    /// <param name="rejection">The rejection. One of the same id and time is replaced.</param>
    /// <returns>A task that ends when the note is durable.</returns>
    Task AddRejectionAsync(Rejection rejection, CancellationToken cancellationToken);

    /// <summary>Reads a rejection.</summary>
    /// <param name="entry">Its entry in <see cref="CatalogList.Rejections"/>.</param>
    /// <returns>The rejection, or null where it was removed.</returns>
    Task<Rejection?> FindRejectionAsync(CatalogEntry entry, CancellationToken cancellationToken);

    /// <summary>Removes a rejection.</summary>
    /// <param name="entry">Its entry in <see cref="CatalogList.Rejections"/>.</param>
    /// <returns>A task that ends when it is gone.</returns>
    Task RemoveRejectionAsync(CatalogEntry entry, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until nobody else in this process decides about a batch: whether it is started, changed, taken up again, closed or deleted.
    /// Between processes the store decides, by the versions of the batch's control.
    /// </summary>
    /// <returns>Lets the next one decide, when it is disposed of. Whoever has it must not ask for it again.</returns>
    Task<IDisposable> EnterAsync(string batchId, CancellationToken cancellationToken);
}

/// <summary>A part of one of a catalog's lists.</summary>
/// <param name="Entries">The entries, the newest first. There may be fewer than were asked for.</param>
/// <param name="Next">Where the next page goes on; null where there is none.</param>
public sealed record CatalogPage(IReadOnlyList<CatalogEntry> Entries, string? Next);

/// <summary>A request for a batch that was rejected.</summary>
/// <param name="Id">The request's own id: that of its queue message.</param>
/// <param name="RejectedAt">When it was rejected.</param>
/// <param name="Reason">What was wrong with it.</param>
public sealed record Rejection(string Id, DateTimeOffset RejectedAt, string Reason);
