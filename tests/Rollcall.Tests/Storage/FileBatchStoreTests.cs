using Rollcall.Batches;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Storage;

public sealed class FileBatchStoreTests
{
    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(long.MaxValue)]
    public async Task Item_WithAnIndexOutsideTheBatch_IsRefused(long index)
    {
        using var batch = await TestBatch.Of(3);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await batch.Store.ReadItemAsync(batch.Manifest, index, Cancelled));
    }

    [Fact]
    public async Task Item_WhoseBytesAreCutOff_IsNotReadInPart()
    {
        using var batch = await TestBatch.Of(3);
        string path = Path.Combine(batch.Store.FolderOf(TestBatch.Id), $"items.{batch.Manifest.ItemsName}.data");
        await using (var file = new FileStream(path, FileMode.Open))
        {
            file.SetLength(file.Length - 4);
        }

        await Assert.ThrowsAnyAsync<DamagedDataException>(async () => await batch.Store.ReadItemAsync(batch.Manifest, 2, Cancelled));
        Assert.Equal("item-1", (await batch.Store.ReadItemAsync(batch.Manifest, 1, Cancelled)).Id);
    }

    [Fact]
    public async Task Item_AfterAFailureToOpenTheItems_CanBeRead()
    {
        using var batch = await TestBatch.Of(1);
        string path = Path.Combine(batch.Store.FolderOf(TestBatch.Id), $"items.{batch.Manifest.ItemsName}.index");
        File.Move(path, path + ".away");
        await Assert.ThrowsAnyAsync<DamagedDataException>(async () => await batch.Store.ReadItemAsync(batch.Manifest, 0, Cancelled));
        File.Move(path + ".away", path);
        Assert.Equal("item-0", (await batch.Store.ReadItemAsync(batch.Manifest, 0, Cancelled)).Id);
    }

    [Fact]
    public async Task Store_AfterAFailureToOpenTheItems_CanBeDisposed()
    {
        using var folder = new TemporaryFolder();
        var store = new FileBatchStore(folder.Path);
        await Assert.ThrowsAnyAsync<DamagedDataException>(async () => await store.ReadItemAsync(TestBatch.ManifestOf(1), 0, Cancelled));
        Assert.Null(Record.Exception(store.Dispose));
    }

    [Fact]
    public async Task Items_ReadByManyAtOnce_AreEachTheRightOne()
    {
        using var batch = await TestBatch.Of(500);
        await Parallel.ForAsync(0, 2000, Cancelled, async (i, token) =>
        {
            Assert.Equal($"item-{i % 500}", (await batch.Store.ReadItemAsync(batch.Manifest, i % 500, token)).Id);
        });
    }

    [Fact]
    public async Task Records_OfABatchThatIsNotThere_AreNull()
    {
        using var batch = await TestBatch.Of(1);
        Assert.Null(await batch.Store.FindManifestAsync("other", Cancelled));
        Assert.Null(await batch.Store.FindReceiptAsync("other", run: 1, Cancelled));
        Assert.Null(await batch.Store.OpenResultsAsync("other", run: 1, 0, sha256: null, Cancelled));
    }

    [Fact]
    public async Task Bodies_OfOneShard_HaveNamesOfTheirOwn()
    {
        using var batch = await TestBatch.Of(1);
        var one = await batch.StoreBodyAsync(0, [1], isText: false);
        var other = await batch.StoreBodyAsync(0, [2, 3], isText: false);
        Assert.Equal([1], await ReadBodyAsync(batch, 0, one.StoredName!));
        Assert.Equal([2, 3], await ReadBodyAsync(batch, 0, other.StoredName!));
    }

    [Fact]
    public async Task Bodies_Deleted_AreThoseOfTheShardOnly()
    {
        using var batch = await TestBatch.Of(4);
        var gone = await batch.StoreBodyAsync(0, [1], isText: false);
        var kept = await batch.StoreBodyAsync(1, [2], isText: false);
        await batch.Store.DeleteBodiesAsync(TestBatch.Id, 0, Cancelled);
        Assert.Null(await batch.Store.FindBodyAsync(TestBatch.Id, 0, gone.StoredName!, Cancelled));
        Assert.Equal([2], await ReadBodyAsync(batch, 1, kept.StoredName!));
    }

    [Fact]
    public async Task Bodies_DeletedTwice_AreNoError()
    {
        using var batch = await TestBatch.Of(1);
        await batch.StoreBodyAsync(0, [1], isText: false);
        await batch.Store.DeleteBodiesAsync(TestBatch.Id, 0, Cancelled);
        Assert.Null(await Record.ExceptionAsync(() => batch.Store.DeleteBodiesAsync(TestBatch.Id, 0, Cancelled)));
    }

    [Fact]
    public async Task Results_WhoseWritingFails_AreNotThere()
    {
        using var batch = await TestBatch.Of(1);
        await Assert.ThrowsAsync<IOException>(() => batch.Store.WriteResultsAsync(
            TestBatch.Id,
            run: 1,
            0,
            async stream =>
            {
                await stream.WriteAsync("{}\n"u8.ToArray());
                throw new IOException("The disk is full.");
            },
            Cancelled));
        Assert.Null(await batch.Store.OpenResultsAsync(TestBatch.Id, run: 1, 0, sha256: null, Cancelled));
    }

    [Fact]
    public async Task Failure_WrittenTwice_IsTheFirst()
    {
        using var batch = await TestBatch.Of(1);
        Assert.Null(await batch.Store.FindFailureAsync(TestBatch.Id, run: 1, Cancelled));
        var first = new BatchFailure(TestBatch.Id, 1, "first", batch.Time.GetUtcNow(), new OutcomeCounts { Succeeded = 3 });
        await batch.Store.WriteFailureAsync(first, Cancelled);
        await batch.Store.WriteFailureAsync(first with { Reason = "second" }, Cancelled);
        using var again = new FileBatchStore(Path.GetDirectoryName(batch.Store.FolderOf(TestBatch.Id))!);
        var found = await again.FindFailureAsync(TestBatch.Id, run: 1, Cancelled);
        Assert.Equal(("first", first.FailedAt, 3), (found!.Reason, found.FailedAt, found.Counts.Succeeded));
    }

    [Fact]
    public async Task Repair_OfANumberThatManyWriteAtOnce_IsOneOnly()
    {
        using var batch = await TestBatch.Of(1);
        var repairs = Enumerable.Range(0, 20).Select(
            i => new BatchRepair(TestBatch.Id, 1, 1, batch.Time.GetUtcNow(), $"reason {i}")).ToList();
        bool[] written = await Task.WhenAll(repairs.Select(repair => batch.Store.WriteRepairAsync(repair, Cancelled)));
        Assert.Equal(
            repairs[written.Index().Single(w => w.Item).Index],
            await batch.Store.FindRepairAsync(TestBatch.Id, run: 1, 1, Cancelled));
        Assert.Null(await batch.Store.FindRepairAsync(TestBatch.Id, run: 1, 2, Cancelled));
    }

    static async Task<byte[]> ReadBodyAsync(TestBatch batch, int shard, string name)
    {
        await using var body = await batch.Store.FindBodyAsync(TestBatch.Id, shard, name, Cancelled)
            ?? throw new InvalidOperationException("There is no such body.");
        using var copy = new MemoryStream();
        await body.CopyToAsync(copy, Cancelled);
        return copy.ToArray();
    }
}
