using CsCheck;
using Rollcall.Batches;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Storage;

public sealed class CatalogTests
{
    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Keys_InAscendingOrder_AreEntriesFromTheNewestToTheOldest()
    {
        var time = Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
        Gen.Select(time, time).Sample((one, other) =>
            Math.Sign(string.CompareOrdinal(CatalogEntry.KeyOf("a", one), CatalogEntry.KeyOf("a", other))) == other.CompareTo(one));
    }

    [Fact]
    public void Key_ReadBack_IsItsEntry()
    {
        var entry = new CatalogEntry("a-b_1", new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero));
        Assert.Equal(entry, CatalogEntry.Parse(entry.Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("0123456789012345678")]
    [InlineData("0123456789012345678-")]
    [InlineData("012345678901234567x-a")]
    [InlineData("9999999999999999999-a")]
    [InlineData("-123456789012345678-a")]
    public void Text_ThatIsNoKey_IsNoEntry(string text)
    {
        Assert.Null(CatalogEntry.Parse(text));
    }

    [Fact]
    public async Task Deletion_WhoseNoteIsDamaged_IsKnownForOneAndKeepsNoOtherFromBeingListed()
    {
        using var folder = new TemporaryFolder();
        var catalog = new FileBatchCatalog(folder.Path);
        var end = new BatchEnd(EndKind.Completed, DateTimeOffset.UnixEpoch);
        await catalog.WriteDeletionAsync(new BatchDeletion("one", DateTimeOffset.UnixEpoch, end), Cancelled);
        await catalog.WriteDeletionAsync(new BatchDeletion("two", DateTimeOffset.UnixEpoch, end), Cancelled);
        await FileDamage.FlipAsync(Assert.Single(Directory.GetFiles(folder.Path, "one", SearchOption.AllDirectories)), at: 5);
        Assert.Equal(
            [("one", true), ("two", false)],
            await catalog
                .ListDeletionsAsync(Cancelled)
                .Select(deletion => (deletion.BatchId, deletion.IsUnreadable))
                .ToListAsync(Cancelled));
        Assert.True((await catalog.FindDeletionAsync("one", Cancelled))!.IsUnreadable);
    }

    [Fact]
    public async Task Catalog_OpenedAgain_HasItsEntriesInOrder()
    {
        using var folder = new TemporaryFolder();
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        foreach (int i in new[] { 2, 0, 3, 1 })
        {
            await new FileBatchCatalog(folder.Path).AddAsync($"b{i}", start.AddSeconds(i), Cancelled);
        }

        var entries = await new FileBatchCatalog(folder.Path).ListAsync(after: null, Cancelled).ToListAsync(Cancelled);
        Assert.Equal(["b3", "b2", "b1", "b0"], entries.Select(entry => entry.BatchId));
        var rest = await new FileBatchCatalog(folder.Path).ListAsync(entries[1].Key, Cancelled).ToListAsync(Cancelled);
        Assert.Equal(["b1", "b0"], rest.Select(entry => entry.BatchId));
    }

    [Fact]
    public async Task Batch_Closed_StaysInTheListAndIsNotOpen()
    {
        using var folder = new TemporaryFolder();
        var catalog = new FileBatchCatalog(folder.Path);
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await catalog.AddAsync("b1", start, Cancelled);
        await catalog.AddAsync("b10", start, Cancelled);
        var end = new BatchEnd(EndKind.Completed, start.AddHours(1));
        await catalog.CloseAsync(new CatalogEntry("b1", start), end, Cancelled);
        await catalog.CloseAsync(new CatalogEntry("b1", start), end, Cancelled);
        Assert.Equal(["b10"], (await catalog.ListOpenAsync(Cancelled).ToListAsync(Cancelled)).Select(entry => entry.BatchId));
        Assert.Equal(
            ["b1", "b10"],
            (await catalog.ListAsync(after: null, Cancelled).ToListAsync(Cancelled)).Select(entry => entry.BatchId));
    }

    [Fact]
    public async Task Catalog_WithoutAFolder_IsEmpty()
    {
        using var folder = new TemporaryFolder();
        var catalog = new FileBatchCatalog(folder.File("none"));
        Assert.Empty(await catalog.ListAsync(after: null, Cancelled).ToListAsync(Cancelled));
        Assert.Empty(await catalog.ListOpenAsync(Cancelled).ToListAsync(Cancelled));
        Assert.Empty(await catalog.ListAllAsync(CatalogList.Rejections, new CatalogRange(), Cancelled).ToListAsync(Cancelled));
    }
}
