namespace Rollcall.Storage;

/// <summary>Lists batches, and the requests for batches that were rejected without a caller there to be told. Newest come first.</summary>
/// <remarks>Methods throw <see cref="IOException"/> when the storage itself fails.</remarks>
public interface IBatchCatalog
{
    /// <summary>Adds a batch, which is open from then on. Its manifest may come later, or never.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="createdAt">When it came: what the list is ordered by.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>A task that ends when the entry is durable.</returns>
    Task AddAsync(string batchId, DateTimeOffset createdAt, CancellationToken cancellationToken);

    /// <summary>Lists batches.</summary>
    /// <param name="after">The key of the entry to go on after; null for the newest.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>Their entries. A batch that two callers started at once may have more than one.</returns>
    IAsyncEnumerable<CatalogEntry> ListAsync(string? after, CancellationToken cancellationToken);

    /// <summary>Lists the batches that are open: those that were not closed.</summary>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>Their entries. They may be closed while they are listed.</returns>
    IAsyncEnumerable<CatalogEntry> ListOpenAsync(CancellationToken cancellationToken);

    /// <summary>Takes a batch from those that are open; in the list of all it stays.</summary>
    /// <param name="entry">Its entry.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>A task that ends when it is closed.</returns>
    Task CloseAsync(CatalogEntry entry, CancellationToken cancellationToken);

    /// <summary>Puts a batch among those that are open again.</summary>
    /// <param name="entry">Its entry.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>A task that ends when that is durable.</returns>
    Task ReopenAsync(CatalogEntry entry, CancellationToken cancellationToken);

    /// <summary>Notes a request that was rejected.</summary>
    /// <param name="rejection">The rejection. One of the same id and time is replaced.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>A task that ends when the note is durable.</returns>
    Task AddRejectionAsync(Rejection rejection, CancellationToken cancellationToken);

    /// <summary>Lists rejections.</summary>
    /// <param name="after">The key of the entry to go on after; null for the newest.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>The keys and the rejections.</returns>
    IAsyncEnumerable<(string Key, Rejection Rejection)> ListRejectionsAsync(string? after, CancellationToken cancellationToken);
}
