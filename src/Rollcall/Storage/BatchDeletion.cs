using System.Text.Json.Serialization;
using Rollcall.Batches;

namespace Rollcall.Storage;

/// <summary>A note that a batch is being deleted. As long as it exists, the id is taken and cannot be used again.</summary>
/// <param name="CreatedAt">When the batch was accepted.</param>
/// <param name="End">How and when the batch ended.</param>
/// <param name="GoneAt">When the last of its data was deleted; null while some is left.</param>
/// <param name="IsSwept">
/// Whether the data was checked again a while after it was first gone, so that none of it can have come back.
/// </param>
/// <param name="Run">
/// The run that had ended, from 1: a batch that is in a later run is not deleted. Null for a damaged batch, whose run no longer matters.
/// </param>
public sealed record BatchDeletion(
    string BatchId,
    DateTimeOffset CreatedAt,
    BatchEnd End,
    DateTimeOffset? GoneAt = null,
    bool IsSwept = false,
    int? Run = null)
{
    /// <summary>
    /// Whether the note itself could not be read. Its existence says that the batch is to be deleted, whenever it was accepted.
    /// </summary>
    [JsonIgnore]
    public bool IsUnreadable { get; private init; }

    /// <summary>A note that cannot be read.</summary>
    /// <param name="batchId">The batch's id, taken from the note's name.</param>
    public static BatchDeletion Unreadable(string batchId) =>
        new(batchId, DateTimeOffset.MinValue, new BatchEnd(EndKind.Failed, DateTimeOffset.MinValue)) { IsUnreadable = true };

    /// <summary>The batch's entry in the catalog.</summary>
    public CatalogEntry ToEntry() => new(BatchId, CreatedAt);
}
