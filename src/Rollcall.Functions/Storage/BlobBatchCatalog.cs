using System.Runtime.CompilerServices;
using Rollcall.Serialization;
using Rollcall.Storage;

namespace Rollcall.Functions.Storage;

/// <summary>A catalog in the container: an empty blob a batch, another while it is open, and a small one a rejection, named by their keys.</summary>
/// <param name="container">The container.</param>
sealed class BlobBatchCatalog(BatchContainer container) : IBatchCatalog
{
    /// <inheritdoc/>
    public async Task AddAsync(string batchId, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        foreach (string prefix in new[] { BlobName.Open, BlobName.Entries })
        {
            await container.WriteAsync(prefix + CatalogEntry.KeyOf(batchId, createdAt), _ => Task.CompletedTask, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<CatalogEntry> ListAsync(string? after, CancellationToken cancellationToken) =>
        ListKeysAsync(BlobName.Entries, after, cancellationToken).Select(CatalogEntry.Parse).OfType<CatalogEntry>();

    /// <inheritdoc/>
    public IAsyncEnumerable<CatalogEntry> ListOpenAsync(CancellationToken cancellationToken) =>
        container.ListAsync(BlobName.Open, cancellationToken).Select(CatalogEntry.Parse).OfType<CatalogEntry>();

    /// <inheritdoc/>
    public Task CloseAsync(CatalogEntry entry, CancellationToken cancellationToken) =>
        container.DeleteBlobAsync(BlobName.Open + entry.Key, cancellationToken);

    /// <inheritdoc/>
    public Task ReopenAsync(CatalogEntry entry, CancellationToken cancellationToken) =>
        container.WriteAsync(BlobName.Open + entry.Key, _ => Task.CompletedTask, cancellationToken);

    /// <inheritdoc/>
    public Task AddRejectionAsync(Rejection rejection, CancellationToken cancellationToken) =>
        container.WriteJsonAsync(
            BlobName.Rejections + CatalogEntry.KeyOf(rejection.Id, rejection.RejectedAt),
            rejection,
            RollcallJson.Compact.Rejection,
            cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<(string Key, Rejection Rejection)> ListRejectionsAsync(
        string? after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string key in ListKeysAsync(BlobName.Rejections, after, cancellationToken))
        {
            if (await container.FindJsonAsync(BlobName.Rejections + key, RollcallJson.Compact.Rejection, cancellationToken) is { } rejection)
            {
                yield return (key, rejection);
            }
        }
    }

    IAsyncEnumerable<string> ListKeysAsync(string prefix, string? after, CancellationToken cancellationToken) =>
        container.ListAsync(prefix, cancellationToken).Where(key => string.CompareOrdinal(key, after) > 0);
}
