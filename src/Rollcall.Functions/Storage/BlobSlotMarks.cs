using Rollcall.Sending;

namespace Rollcall.Functions.Storage;

/// <summary>Keeps the slot marks of batches as blobs, with their ETags as tags.</summary>
/// <param name="container">Holds the blobs.</param>
sealed class BlobSlotMarks(BatchContainer container) : ISlotMarks
{
    readonly BlobRecords records = new(container);

    /// <inheritdoc/>
    public Task<(SlotMark? Mark, string? Tag)> FindAsync(string batchId) =>
        records.FindVersionAsync(batchId, BlobName.Slots(batchId), SendingJson.Compact.SlotMark, CancellationToken.None);

    /// <inheritdoc/>
    public Task<string?> ReplaceAsync(string batchId, SlotMark mark, string? tag) =>
        records.ReplaceVersionAsync(BlobName.Slots(batchId), mark, tag, SendingJson.Compact.SlotMark, CancellationToken.None);
}
