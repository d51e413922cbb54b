using Rollcall.Sending;

namespace Rollcall.Functions.Storage;

/// <summary>Keeps the marks of batches as blobs, whose ETags are the tags.</summary>
/// <param name="container">Where they are.</param>
sealed class BlobSlotMarks(BatchContainer container) : ISlotMarks
{
    /// <inheritdoc/>
    public Task<(SlotMark? Mark, string? Tag)> FindAsync(string batchId) =>
        container.FindVersionAsync(batchId, BlobName.Slots(batchId), SendingJson.Compact.SlotMark, CancellationToken.None);

    /// <inheritdoc/>
    public Task<string?> ReplaceAsync(string batchId, SlotMark mark, string? tag) =>
        container.ReplaceVersionAsync(BlobName.Slots(batchId), mark, tag, SendingJson.Compact.SlotMark, CancellationToken.None);
}
