using Rollcall.Batches;

namespace Rollcall.Storage;

/// <summary>That a batch is being deleted. As long as this is noted, its id belongs to it and cannot be used again.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="CreatedAt">When it came.</param>
/// <param name="End">How and when it ended.</param>
/// <param name="GoneAt">When the last of it was deleted; null while there is more.</param>
/// <param name="IsSwept">Whether that was a while after it was gone for the first time, so that nothing of it can have come back.</param>
public sealed record BatchDeletion(string BatchId, DateTimeOffset CreatedAt, BatchEnd End, DateTimeOffset? GoneAt = null, bool IsSwept = false)
{
    /// <summary>The batch's entry in the catalog.</summary>
    /// <returns>The entry.</returns>
    public CatalogEntry ToEntry() => new(BatchId, CreatedAt);
}
