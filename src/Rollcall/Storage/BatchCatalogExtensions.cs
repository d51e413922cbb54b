using System.Runtime.CompilerServices;

namespace Rollcall.Storage;

/// <summary>Lists a catalog's lists completely, over all their pages.</summary>
public static class BatchCatalogExtensions
{
    const int PageSize = 1000;

    /// <summary>Lists the open batches: those that were not closed.</summary>
    /// <returns>Their entries. Batches may be closed while they are listed.</returns>
    /// <exception cref="IOException">The storage failed.</exception>
    public static IAsyncEnumerable<CatalogEntry> ListOpenAsync(this IBatchCatalog catalog, CancellationToken cancellationToken) =>
        catalog.ListAllAsync(CatalogList.Open, new CatalogRange(), cancellationToken);

    /// <summary>Lists all entries in a time range, page by page.</summary>
    /// <returns>The entries, newest first.</returns>
    /// <exception cref="IOException">The storage failed.</exception>
    public static async IAsyncEnumerable<CatalogEntry> ListAllAsync(
        this IBatchCatalog catalog,
        CatalogList list,
        CatalogRange range,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            var page = await catalog.ListAsync(list, range, after, PageSize, cancellationToken);
            foreach (var entry in page.Entries)
            {
                yield return entry;
            }

            after = page.Next;
        }
        while (after is not null);
    }
}
