using System.Text.Json.Serialization;
using Rollcall.Batches;

namespace Rollcall.Storage;

/// <summary>That a batch is being deleted. As long as this is noted, its id belongs to it and cannot be used again.</summary>
/// <param name="CreatedAt">When it came.</param>
/// <param name="End">How and when it ended.</param>
/// <param name="GoneAt">When the last of it was deleted; null while there is more.</param>
/// <param name="IsSwept">Whether that was a while after it was gone for the first time, so that nothing of it can have come back.</param>
/// <param name="Run">
/// The run that had ended, from 1: a batch that is in a later one is not deleted. Null for a batch that is damaged, whose run counts no
/// more.
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
    /// Whether the note itself could not be read. That there is one says that the batch is to be deleted, whenever it came.
    /// </summary>
    [JsonIgnore]
    public bool IsUnreadable { get; private init; }

    /// <summary>A note that cannot be read.</summary>
    /// <param name="batchId">The batch, by the note's name.</param>
    public static BatchDeletion Unreadable(string batchId) =>
        new(batchId, DateTimeOffset.MinValue, new BatchEnd(EndKind.Failed, DateTimeOffset.MinValue)) { IsUnreadable = true };

    /// <summary>The batch's entry in the catalog.</summary>
    public CatalogEntry ToEntry() => new(BatchId, CreatedAt);
}
