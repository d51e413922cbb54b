namespace Rollcall.Storage;

/// <summary>Merges several of a catalog's lists into one. An entry that is in two of them is returned once.</summary>
static class CatalogMerge
{
    /// <summary>Lists a page.</summary>
    /// <param name="after">The end of the previous page; null for the first page.</param>
    /// <param name="most">The maximum number of entries.</param>
    public static async Task<CatalogPage> ListAsync(
        this IBatchCatalog catalog,
        IReadOnlyList<CatalogList> lists,
        CatalogRange range,
        string? after,
        int most,
        CancellationToken cancellationToken)
    {
        var pages = await Task.WhenAll(lists.Select(list => catalog.ListAsync(list, range, after, most, cancellationToken)));

        // A list may have more entries after the end of its page, so the merged order is known only up to there.
        string? end = pages.Select(page => page.Next).OfType<string>().Min(StringComparer.Ordinal);
        var known = pages
            .SelectMany(page => page.Entries)
            .Where(entry => end is null || string.CompareOrdinal(entry.Key, end) <= 0)
            .DistinctBy(entry => entry.Key)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .ToList();
        return known.Count > most ? new CatalogPage(known[..most], known[most - 1].Key) : new CatalogPage(known, end);
    }
}
