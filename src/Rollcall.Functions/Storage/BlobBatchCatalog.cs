using Rollcall.Storage;

namespace Rollcall.Functions.Storage;

/// <summary>A catalog in the container: a small blob for each entry, under the name of its list.</summary>
sealed class BlobBatchCatalog(BatchContainer container) : BatchCatalog
{
    /// <inheritdoc/>
    protected override Task WriteAsync(string list, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        container.PutAsync(BlobName.Catalog(list) + name, content, cancellationToken);

    /// <inheritdoc/>
    protected override async Task<byte[]?> FindAsync(string list, string name, CancellationToken cancellationToken)
    {
        await using var content = await container.FindAsync(BlobName.Catalog(list) + name, cancellationToken);
        if (content is null)
        {
            return null;
        }

        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        return copy.ToArray();
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(string list, string name, CancellationToken cancellationToken) =>
        container.DeleteBlobAsync(BlobName.Catalog(list) + name, cancellationToken);

    /// <inheritdoc/>
    protected override Task<IReadOnlyList<string>> ListAsync(string list, string from, int most, CancellationToken cancellationToken) =>
        container.ListAsync(BlobName.Catalog(list), from, most, cancellationToken);
}
