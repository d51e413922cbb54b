using CsCheck;
using Rollcall.Batches;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Storage;

public sealed class CatalogPageTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_OfAnySize_HaveEveryEntryOfTheSpanOnceAndInOrder()
    {
        using var folder = new TemporaryFolder();
        var catalog = new FileBatchCatalog(folder.Path);
        var entries = new List<CatalogEntry>();
        for (int i = 0; i < 60; i++)
        {
            // Some at the same time, some in the same folder, some alone in theirs.
            entries.Add(new CatalogEntry($"b{i}", Start.AddMinutes(i / 3 * 37)));
            await catalog.AddAsync(entries[i].BatchId, entries[i].CreatedAt, Cancelled);
        }

        entries.Sort((one, other) => string.CompareOrdinal(one.Key, other.Key));
        await Gen.Select(Gen.Int[1, 70], Gen.Int[-10, 800], Gen.Int[-10, 800]).SampleAsync(
            async (size, since, until) =>
            {
                var range = new CatalogRange(Start.AddMinutes(since), Start.AddMinutes(until));
                var seen = new List<CatalogEntry>();
                string? after = null;
                do
                {
                    var page = await catalog.ListAsync(CatalogList.All, range, after, size, Cancelled);
                    Assert.True(page.Entries.Count <= size);
                    seen.AddRange(page.Entries);
                    after = page.Next;
                }
                while (after is not null);
                Assert.Equal(entries.Where(entry => entry.CreatedAt >= range.Since && entry.CreatedAt < range.Until), seen);
            },
            iter: 50);
    }

    [Fact]
    public async Task Ends_AreListedFromTheOldestUpToATime()
    {
        using var folder = new TemporaryFolder();
        var catalog = new FileBatchCatalog(folder.Path);
        foreach (int i in new[] { 3, 1, 2, 0 })
        {
            await catalog.CloseAsync(new CatalogEntry($"b-{i}", Start), new BatchEnd((EndKind)i, Start.AddHours(i)), Cancelled);
        }

        var ended = await catalog.ListEndedAsync(Start.AddHours(2), Cancelled).ToListAsync(Cancelled);
        Assert.Equal([("b-0", EndKind.Completed), ("b-1", EndKind.Cancelled)], ended.Select(one => (one.Entry.BatchId, one.End.Kind)));
        Assert.Equal(Start.AddHours(1), ended[1].End.At);
    }

    [Fact]
    public async Task Entries_Removed_LeaveNoFolders()
    {
        using var folder = new TemporaryFolder();
        var catalog = new FileBatchCatalog(folder.Path);
        var entry = new CatalogEntry("b", Start);
        var end = new BatchEnd(EndKind.Expired, Start.AddDays(1));
        await catalog.AddAsync(entry.BatchId, entry.CreatedAt, Cancelled);
        await catalog.CloseAsync(entry, end, Cancelled);
        Assert.Equal(["b"], await catalog.IdsAsync(CatalogList.Ended(EndKind.Expired)));

        await catalog.RemoveAsync(entry, end, Cancelled);
        await catalog.RemoveAsync(entry, end, Cancelled);

        Assert.Empty(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
        Assert.All(Directory.GetDirectories(folder.Path), list => Assert.Empty(Directory.GetDirectories(list)));
    }

    [Fact]
    public async Task Entries_AddedWhileOthersOfTheirFolderAreRemoved_AreAllThere()
    {
        using var folder = new TemporaryFolder();
        var catalog = new FileBatchCatalog(folder.Path);
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), Cancelled, async (i, token) =>
        {
            var entry = new CatalogEntry($"b{i}", Start);
            await catalog.AddAsync(entry.BatchId, entry.CreatedAt, token);
            if (i % 8 > 0)
            {
                await catalog.RemoveAsync(entry, batchEnd: null, token);
            }
        });

        var kept = Enumerable.Range(0, 400).Where(i => i % 8 == 0).Select(i => $"b{i}").Order(StringComparer.Ordinal);
        Assert.Equal(kept, await catalog.IdsAsync(CatalogList.All));
        Assert.Equal(kept, await catalog.IdsAsync(CatalogList.Open));
    }

    [Fact]
    public async Task Deletion_ReadBack_IsWhatWasNoted()
    {
        using var folder = new TemporaryFolder();
        var catalog = new FileBatchCatalog(folder.Path);
        var deletion = new BatchDeletion("b", Start, new BatchEnd(EndKind.Failed, Start.AddTicks(7)), Start.AddHours(1));
        await catalog.WriteDeletionAsync(deletion with { GoneAt = null }, Cancelled);
        await catalog.WriteDeletionAsync(deletion, Cancelled);
        Assert.Equal(deletion, await catalog.FindDeletionAsync("b", Cancelled));
        Assert.Equal([deletion], await catalog.ListDeletionsAsync(Cancelled).ToListAsync(Cancelled));
        await catalog.RemoveDeletionAsync("b", Cancelled);
        Assert.Null(await catalog.FindDeletionAsync("b", Cancelled));
    }
}
