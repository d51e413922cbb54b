using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Storage;

public sealed class IdMarksTests : IDisposable
{
    // More marks than are read or written at once, which is 16,384.
    const int Items = 40_000;
    const int FirstWithId = 20_000;

    readonly TemporaryFolder folder = new();
    readonly FileBatchStore store;
    readonly BatchManifest manifest = TestBatch.ManifestOf(Items) with { HasIds = true };

    public IdMarksTests() => store = new FileBatchStore(folder.Path);

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    string MarksPath => Path.Combine(store.FolderOf(TestBatch.Id), $"items.{manifest.ItemsName}.ids");

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Items_OfManyMarks_AreFoundWhereverTheyAre()
    {
        byte[] payload = [(byte)'1'];
        var items = Enumerable.Range(0, Items).Select(i => new BatchItem(i < FirstWithId ? null : $"C{i % 39_000}", payload));
        await store.WriteItemsAsync(TestBatch.Id, manifest.ItemsName, items.ToAsyncEnumerable(), 100, Cancelled);

        Assert.Equal(
            [FirstWithId, 32_767, 32_768, 38_999, 39_999],
            await FindAsync("C20000", "C32767", "C32768", "C38999", "C999", "C19999"));
        Assert.Equal(sizeof(uint) * (long)Items, new FileInfo(MarksPath).Length - CheckedContent.TrailerLength);

        await FileDamage.FlipAsync(MarksPath, at: sizeof(uint) * 30_000);
        Assert.Contains(
            "The index of the ids of batch 'batch-1' is damaged",
            (await Assert.ThrowsAsync<DamagedDataException>(() => FindAsync("C30000"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Items_WithoutIds_HaveNoMarks()
    {
        await store.WriteItemsAsync(
            TestBatch.Id, manifest.ItemsName, new[] { TestItems.One(), TestItems.One() }.ToAsyncEnumerable(), 100, Cancelled);
        Assert.False(File.Exists(MarksPath));
        Assert.Empty(await IdMarks.FindAsync(store, manifest with { HasIds = false }, Ids("a"), 10, Cancelled));
    }

    async Task<IEnumerable<long>> FindAsync(params string[] ids) =>
        (await IdMarks.FindAsync(store, manifest, Ids(ids), 10, Cancelled)).Select(item => item.Index);

    static HashSet<string> Ids(params string[] ids) => ids.ToHashSet(StringComparer.Ordinal);
}
