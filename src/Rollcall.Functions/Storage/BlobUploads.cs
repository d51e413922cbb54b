using Rollcall.Storage;

namespace Rollcall.Functions.Storage;

/// <summary>Keeps uploaded parts of inputs in blobs beside the batches.</summary>
sealed class BlobUploads(BatchContainer container) : IUploads
{
    /// <inheritdoc/>
    public async Task WriteAsync(string batchId, int part, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        // An existing blob is never overwritten, so a part that is sent again is deleted first.
        string name = BlobName.Upload(batchId, part);
        await container.DeleteBlobAsync(name, cancellationToken);
        await container.WriteAsync(name, stream => CheckedContent.WriteAsync(stream, write), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Stream?> FindAsync(string batchId, int part, CancellationToken cancellationToken) =>
        container.FindCheckedAsync(BlobName.Upload(batchId, part), IUploads.NameOf(part), sha256: null, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(string batchId, CancellationToken cancellationToken) =>
        container.DeleteAsync(BlobName.Uploads(batchId), cancellationToken);

    /// <inheritdoc/>
    public async Task DeleteBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        var newest = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await foreach (var (rest, at) in container.ListTimesAsync(BlobName.AllUploads, cancellationToken))
        {
            string batchId = rest[..rest.IndexOf('/', StringComparison.Ordinal)];
            newest[batchId] = newest.TryGetValue(batchId, out var other) && other > at ? other : at;
        }

        foreach (string batchId in newest.Where(upload => upload.Value < time).Select(upload => upload.Key))
        {
            await DeleteAsync(batchId, cancellationToken);
        }
    }
}
