using System.Runtime.CompilerServices;

namespace Rollcall.Storage;

/// <summary>Lists of a catalog to their ends.</summary>
public static class BatchCatalogExtensions
{
    const int PageSize = 1000;

    /// <summary>Lists the batches that are open: those that were not closed.</summary>
    /// <returns>Their entries. They may be closed while they are listed.</returns>
    /// <exception cref="IOException">The storage failed.</exception>
    public static IAsyncEnumerable<CatalogEntry> ListOpenAsync(this IBatchCatalog catalog, CancellationToken cancellationToken) =>
        catalog.ListAllAsync(CatalogList.Open, new CatalogRange(), cancellationToken);

    /// <summary>Lists everything of a time, page by page.</summary>
    /// <param name="range">When what is listed came.</param>
    /// <returns>The entries, the newest first.</returns>
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
