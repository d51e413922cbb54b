using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Rollcall.Batches;
using Rollcall.Storage;

namespace Rollcall.EndToEnd.Tests.Listing;

/// <summary>
/// What a store has of many batches that have ended: of all of them the catalog's entries, and of those that the measured pages are about
/// the manifests and receipts. One in ten is in the list of the completed ones.
/// </summary>
/// <param name="count">How many.</param>
/// <param name="gap">What is between two of them.</param>
sealed class SeededCatalog(int count, TimeSpan gap)
{
    const int Share = 10;

    public const int PageSize = 50;

    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How many batches there are.</summary>
    public int Count => count;

    /// <summary>The queries that are measured, by what they are.</summary>
    public IReadOnlyList<(string What, string Query)> Queries =>
    [
        ("first page", $"?limit={PageSize}"),
        ("a page from the middle", $"?limit={PageSize}&after={Entry(count / 2).Key}"),
        (
            "before a time in the middle",
            $"?limit={PageSize}&until={Uri.EscapeDataString(Entry(count / 2).CreatedAt.ToString("O", CultureInfo.InvariantCulture))}"),
        ("completed ones, a tenth", $"?limit={PageSize}&status=completed"),
    ];

    /// <summary>The names in the catalog, with their lists.</summary>
    public IEnumerable<(string List, string Name)> Names =>
        Enumerable.Range(0, count).SelectMany(i => i % Share == 0
            ? new[] { (CatalogList.All.Name, Entry(i).Key), (CatalogList.Ended(EndKind.Completed).Name, Entry(i).Key) }
            : [(CatalogList.All.Name, Entry(i).Key)]);

    /// <summary>The files of the batches that are on the measured pages.</summary>
    public IEnumerable<(string Path, byte[] Content)> Files =>
        Enumerable.Range(count - (Share * PageSize), Share * PageSize)
            .Concat(Enumerable.Range((count / 2) - PageSize, PageSize))
            .SelectMany(FilesOf);

    static IEnumerable<(string Path, byte[] Content)> FilesOf(CatalogEntry entry)
    {
        var manifest = new BatchManifest
        {
            Id = entry.BatchId,
            Target = new BatchTarget("http://127.0.0.1:9/", new Dictionary<string, TargetHeader>()),
            Options = new BatchOptions(),
            ItemCount = 1,
            ItemsPerShard = 100,
            ItemsName = "1",
            ContentSha256 = "",
            CreatedAt = entry.CreatedAt,
        };
        var receipt = new Receipt
        {
            BatchId = entry.BatchId,
            Run = 1,
            Items = 1,
            Outcomes = 1,
            Counts = new OutcomeCounts { Succeeded = 1 },
            Sha256 = "",
            ContentSha256 = "",
            CreatedAt = entry.CreatedAt,
            SealedAt = entry.CreatedAt,
            Shards = [],
        };
        yield return ($"{entry.BatchId}/manifest.json", BytesOf(manifest, BatchesJson.Compact.BatchManifest));
        yield return ($"{entry.BatchId}/receipt.json", BytesOf(receipt, BatchesJson.Compact.Receipt));
    }

    // In memory, so that nothing is waited for.
    static byte[] BytesOf<T>(T value, JsonTypeInfo<T> type) => CheckedContent.ToBytesAsync(value, type).GetAwaiter().GetResult();

    IEnumerable<(string Path, byte[] Content)> FilesOf(int number) => FilesOf(Entry(number));

    CatalogEntry Entry(int number) => new(string.Create(CultureInfo.InvariantCulture, $"seed-{number:D6}"), Start + (gap * number));
}
