using Rollcall.Batches;

namespace Rollcall.Storage;

/// <summary>
/// Lists batches, and requests for batches that were rejected with no caller left to tell. Apart from a batch's existence, its notes are
/// hints about where to look; the batch's own store is authoritative.
/// </summary>
/// <remarks>Methods throw <see cref="IOException"/> when the storage itself fails. Each can be called again after a crash.</remarks>
public interface IBatchCatalog
{
    /// <summary>Adds a batch, which is open from then on. Its manifest may follow later, or never.</summary>
    /// <param name="createdAt">When it was received. The lists are ordered by this.</param>
    /// <returns>A task that completes when the entry is durable.</returns>
    Task AddAsync(string batchId, DateTimeOffset createdAt, CancellationToken cancellationToken);

    /// <summary>Notes that a set of items is about to be stored.</summary>
    /// <returns>A task that completes when the note is durable.</returns>
    Task BeginIntakeAsync(IntakeEntry intake, CancellationToken cancellationToken);

    /// <summary>Whether an intake's note still exists. If it does not, the intake's items are being deleted.</summary>
    Task<bool> HasIntakeAsync(IntakeEntry intake, CancellationToken cancellationToken);

    /// <summary>Removes an intake's note.</summary>
    /// <returns>A task that completes when the note is gone.</returns>
    Task EndIntakeAsync(IntakeEntry intake, CancellationToken cancellationToken);

    /// <summary>Lists the intakes that began before a time and have not ended, oldest first.</summary>
    /// <returns>The notes. Some may be removed while they are listed.</returns>
    IAsyncEnumerable<IntakeEntry> ListIntakesAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Lists a page. The cost depends on the size of the page, not on that of the catalog.</summary>
    /// <param name="range">When the listed entries were received.</param>
    /// <param name="after">The <see cref="CatalogPage.Next"/> of the previous page, or an entry's key; null for the first page.</param>
    /// <param name="most">The maximum number of entries: 1 to 5,000.</param>
    /// <returns>The page. A batch that two callers started at once may have more than one entry.</returns>
    Task<CatalogPage> ListAsync(CatalogList list, CatalogRange range, string? after, int most, CancellationToken cancellationToken);

    /// <summary>Moves a batch from the open ones to those that ended in the same way.</summary>
    /// <param name="batchEnd">How and when it ended.</param>
    /// <returns>A task that completes when the change is durable.</returns>
    Task CloseAsync(CatalogEntry entry, BatchEnd batchEnd, CancellationToken cancellationToken);

    /// <summary>Moves a batch back to the open ones.</summary>
    /// <param name="batchEnd">The end that no longer applies.</param>
    /// <returns>A task that completes when the change is durable.</returns>
    Task ReopenAsync(CatalogEntry entry, BatchEnd batchEnd, CancellationToken cancellationToken);

    /// <summary>Removes a batch from all lists.</summary>
    /// <param name="batchEnd">How and when it ended; null for a batch that was never closed.</param>
    /// <returns>A task that completes when it is in none of them.</returns>
    Task RemoveAsync(CatalogEntry entry, BatchEnd? batchEnd, CancellationToken cancellationToken);

    /// <summary>Lists the notes of batches that ended before a time, oldest end first.</summary>
    /// <returns>The notes. Some may be removed while they are listed.</returns>
    IAsyncEnumerable<EndedEntry> ListEndedAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Removes an outdated note: the batch has not ended in this way, or not at this time.</summary>
    /// <returns>A task that completes when it is gone.</returns>
    Task ForgetEndAsync(EndedEntry ended, CancellationToken cancellationToken);

    /// <summary>Notes that a batch is being deleted, replacing an earlier note.</summary>
    /// <returns>A task that completes when the note is durable.</returns>
    Task WriteDeletionAsync(BatchDeletion deletion, CancellationToken cancellationToken);

    /// <summary>Reads the note that a batch is being deleted.</summary>
    /// <returns>The note, or null if there is none.</returns>
    Task<BatchDeletion?> FindDeletionAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>Lists the batches that are being deleted.</summary>
    /// <returns>The notes. Some may be removed while they are listed.</returns>
    IAsyncEnumerable<BatchDeletion> ListDeletionsAsync(CancellationToken cancellationToken);

    /// <summary>Removes the note that a batch is being deleted. The id can be used again from then on.</summary>
    /// <returns>A task that completes when the note is gone.</returns>
    Task RemoveDeletionAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>Notes a request that was rejected.</summary>
    /// <param name="rejection">The rejection. It replaces one with the same id and time.</param>
    /// <returns>A task that completes when the note is durable.</returns>
    Task AddRejectionAsync(Rejection rejection, CancellationToken cancellationToken);

    /// <summary>Reads a rejection.</summary>
    /// <param name="entry">Its entry in <see cref="CatalogList.Rejections"/>.</param>
    /// <returns>The rejection, or null if it was removed.</returns>
    Task<Rejection?> FindRejectionAsync(CatalogEntry entry, CancellationToken cancellationToken);

    /// <summary>Removes a rejection.</summary>
    /// <param name="entry">Its entry in <see cref="CatalogList.Rejections"/>.</param>
    /// <returns>A task that completes when it is gone.</returns>
    Task RemoveRejectionAsync(CatalogEntry entry, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until nobody else in this process is making a decision about a batch: to start, change, repair, close or delete it. Between
    /// processes, the store decides by the versions of the batch's control.
    /// </summary>
    /// <returns>Lets the next caller in when it is disposed. The holder must not ask for it again.</returns>
    Task<IDisposable> EnterAsync(string batchId, CancellationToken cancellationToken);
}

/// <summary>A page of one of a catalog's lists.</summary>
/// <param name="Entries">The entries, newest first. There may be fewer than requested.</param>
/// <param name="Next">Where the next page continues; null if there is none.</param>
public sealed record CatalogPage(IReadOnlyList<CatalogEntry> Entries, string? Next);

/// <summary>A rejected request for a batch.</summary>
/// <param name="Id">The request's own id: that of its queue message.</param>
/// <param name="RejectedAt">When it was rejected.</param>
/// <param name="Reason">What was wrong with it.</param>
public sealed record Rejection(string Id, DateTimeOffset RejectedAt, string Reason);
