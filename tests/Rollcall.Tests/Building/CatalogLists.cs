using Rollcall.Storage;

namespace Rollcall.Tests.Building;

/// <summary>A catalog's complete list of all batches.</summary>
static class CatalogLists
{
    public static IAsyncEnumerable<CatalogEntry> ListAsync(
        this IBatchCatalog catalog, string? after, CancellationToken cancellationToken) =>
        catalog.ListAllAsync(CatalogList.All, new CatalogRange(), cancellationToken).Where(
            entry => string.CompareOrdinal(entry.Key, after) > 0);

    public static async Task<IReadOnlyList<string>> IdsAsync(this IBatchCatalog catalog, CatalogList list)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        return await catalog
            .ListAllAsync(list, new CatalogRange(), cancellationToken)
            .Select(entry => entry.BatchId)
            .ToListAsync(cancellationToken);
    }
}
