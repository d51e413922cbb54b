namespace Rollcall.Storage;

/// <summary>Several of a catalog's lists as one, in which an entry that is in two of them comes once.</summary>
static class CatalogMerge
{
    /// <summary>Lists a page.</summary>
    /// <param name="range">When what is listed came.</param>
    /// <param name="after">The end of the page before; null for the first page.</param>
    /// <param name="most">How many entries at the most.</param>
    public static async Task<CatalogPage> ListAsync(
        this IBatchCatalog catalog,
        IReadOnlyList<CatalogList> lists,
        CatalogRange range,
        string? after,
        int most,
        CancellationToken cancellationToken)
    {
        var pages = await Task.WhenAll(lists.Select(list => catalog.ListAsync(list, range, after, most, cancellationToken)));

        // Past the end of a page there may be more of its list, so the order is known up to there only.
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
