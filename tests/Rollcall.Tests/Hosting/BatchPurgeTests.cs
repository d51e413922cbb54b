using Rollcall.Batches;
using Rollcall.Control;
using Rollcall.Hosting;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Hosting;

public sealed class BatchPurgeTests : IDisposable
{
    const int CallsAtMost = 40;

    static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    readonly TestReconciler world = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task Batch_Deleted_LeavesNothingAndFreesItsId()
    {
        await AddEndedAsync("b");

        Assert.True(await DeleteAsync("b"));

        await RequireGoneAsync("b");
        Assert.True(await Purge().IsFreeAsync("b", world.Scheduler, Cancelled));
    }

    [Fact]
    public async Task Batch_WhoseShardStillGoesOn_IsGoneOnlyWhenThatHasEnded()
    {
        await AddEndedAsync("b");
        world.Run("b");

        Assert.False(await DeleteAsync("b"));
        Assert.Null(await world.Store.FindManifestAsync("b", Cancelled));
        Assert.NotEmpty(FilesOf("b"));
        Assert.False(await Purge().IsFreeAsync("b", world.Scheduler, Cancelled));

        await PassAsync();
        await RequireGoneAsync("b");
    }

    [Fact]
    public async Task Batch_OfManyPieces_IsDeletedInSteps()
    {
        await AddEndedAsync("b");
        for (int i = 0; i < 7; i++)
        {
            await world.Store.WriteBodyAsync("b", i, stream => stream.WriteAsync(new byte[10]).AsTask(), Cancelled);
        }

        int before = FilesOf("b").Length;
        Assert.True(await world.Store.DeleteAsync("b", most: 3, Cancelled));
        Assert.Equal(before - 3, FilesOf("b").Length);
        Assert.Null(await world.Store.FindManifestAsync("b", Cancelled));
        while (await world.Store.DeleteAsync("b", most: 3, Cancelled))
        {
        }

        Assert.False(Directory.Exists(world.Store.FolderOf("b")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deletion_InterruptedAtAnyCall_IsFinishedByTheNextPassAndTouchesNoOtherBatch(bool isDone)
    {
        await AddEndedAsync("other");
        var other = Snapshot("other");
        int number = 1;
        for (; number < CallsAtMost; number++)
        {
            await AddEndedAsync("b");
            var faults = new CallFaults(number, isDone);
            bool isGone = await TryDeleteAsync("b", faults);
            if (!faults.HasFailed)
            {
                Assert.True(isGone);
                break;
            }

            // Before it is noted, nothing may be missing; from then on, all must go.
            bool isNoted = await world.Catalog.FindDeletionAsync("b", Cancelled) is not null;
            if (!isNoted && await world.Store.FindManifestAsync("b", Cancelled) is not null)
            {
                Assert.Contains("b", await world.Catalog.IdsAsync(CatalogList.All));
                Assert.True(await DeleteAsync("b"));
            }

            await PassAsync();
            await RequireGoneAsync("b");
            Assert.Equal(other, Snapshot("other"));
            Assert.Equal(["other"], await world.Catalog.IdsAsync(CatalogList.All));
            Assert.Equal(["other"], await world.Catalog.IdsAsync(CatalogList.Ended(EndKind.Completed)));
        }

        Assert.InRange(number, 8, CallsAtMost - 1);
    }

    [Fact]
    public async Task Deletion_NotedWhenTheIdIsOfTheNextBatchAlready_LeavesThatAlone()
    {
        await AddEndedAsync("b");
        var old = (await world.Store.FindManifestAsync("b", Cancelled))!;
        Assert.True(await DeleteAsync("b"));
        await AddEndedAsync("b");
        var before = Snapshot("b");

        var late = await Purge().BeginAsync(old, new BatchEnd(EndKind.Completed, world.Time.GetUtcNow()), Cancelled);
        await Purge().ContinueAsync(late, world.Scheduler, TimeSpan.FromMinutes(1), Cancelled);

        Assert.Equal(before, Snapshot("b"));
        Assert.True(await Purge().IsFreeAsync("b", world.Scheduler, Cancelled));
    }

    [Fact]
    public async Task Id_WhereManifestsAreRemembered_IsFreeAfterASecondSweepAndThenNothingIsDeleted()
    {
        await AddEndedAsync("b");
        var purge = new BatchPurge(Remembering(world.Store), world.Catalog, world.Time);
        Assert.True(await DeleteAsync("b", purge, world.Scheduler));
        Assert.False(await purge.IsFreeAsync("b", world.Scheduler, Cancelled));

        // A process that went by the manifest it remembered.
        await world.Store.WriteBodyAsync("b", shard: 0, stream => stream.WriteAsync(new byte[10]).AsTask(), Cancelled);
        world.Time.Advance(Wait);
        Assert.False(await purge.IsFreeAsync("b", world.Scheduler, Cancelled));
        Assert.False(Directory.Exists(world.Store.FolderOf("b")));

        world.Time.Advance(Wait);
        var swept = (await world.Catalog.FindDeletionAsync("b", Cancelled))!;
        Assert.True(await purge.IsFreeAsync("b", world.Scheduler, Cancelled));
        await world.AddAsync("b");
        var before = Snapshot("b");

        // Another caller, or the timer, that read the note before it was removed.
        Assert.True(await purge.ContinueAsync(swept, world.Scheduler, TimeSpan.FromMinutes(1), Cancelled));
        Assert.Equal(before, Snapshot("b"));
    }

    [Fact]
    public async Task Intake_OfAnIdThatIsBeingDeleted_MakesNoBatchOfWhatIsGone()
    {
        await AddEndedAsync("b");
        var old = (await world.Store.FindManifestAsync("b", Cancelled))!;
        Assert.True(await DeleteAsync("b"));
        async IAsyncEnumerable<BatchItem> ItemsAsync()
        {
            yield return new BatchItem(null, new byte[] { (byte)'1' });

            // By a process that has looked at the batch before it was deleted.
            var late = await Purge().BeginAsync(old, new BatchEnd(EndKind.Completed, world.Time.GetUtcNow()), Cancelled);
            Assert.True(await Purge().ContinueAsync(late, world.Scheduler, TimeSpan.FromMinutes(1), Cancelled));
        }

        var request = new BatchRequest("b", old.Target, old.Options, ItemsAsync());
        await Assert.ThrowsAsync<IOException>(() => new BatchIntake(world.Store, world.Catalog).TakeAsync("b", request, world.Time.GetUtcNow(), Cancelled));

        Assert.Null(await world.Store.FindManifestAsync("b", Cancelled));
    }

    [Fact]
    public async Task Change_OfABatchThatIsDeleted_IsRefusedAndLeavesTheNextOneAsItIs()
    {
        await AddEndedAsync("b");
        var manifest = (await world.Store.FindManifestAsync("b", Cancelled))!;
        Assert.True(await DeleteAsync("b"));

        await Assert.ThrowsAsync<IOException>(() => world.Store.WriteControlAsync(BatchControl.Of(manifest).Redriven(world.Time.GetUtcNow(), onlyCodes: null), Cancelled));

        Assert.False(Directory.Exists(world.Store.FolderOf("b")));
    }

    [Fact]
    public async Task Deletions_OfOneBatchAtOnce_AllSucceed()
    {
        await AddEndedAsync("b");
        var manifest = (await world.Store.FindManifestAsync("b", Cancelled))!;
        var deletion = await Purge().BeginAsync(manifest, (await BatchEnd.FindAsync(world.Store, manifest, Cancelled))!, Cancelled);

        bool[] gone = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Purge().ContinueAsync(deletion, world.Scheduler, TimeSpan.FromMinutes(1), Cancelled))));

        Assert.All(gone, Assert.True);
        await RequireGoneAsync("b");
    }

    // As of a store whose processes remember a manifest for a while.
    static IBatchStore Remembering(IBatchStore store) => CallHook.Wrap(store, "get_" + nameof(IBatchStore.ManifestAge), _ => TimeSpan.FromSeconds(10));

    BatchPurge Purge() => new(world.Store, world.Catalog, world.Time);

    async Task AddEndedAsync(string id)
    {
        await world.AddAsync(id);
        await world.SealAsync(id);
        world.End(id, failure: null);
        await world.ReconcileAsync();
    }

    Task<bool> DeleteAsync(string id) => DeleteAsync(id, Purge(), world.Scheduler);

    async Task<bool> DeleteAsync(string id, BatchPurge purge, IBatchScheduler scheduler)
    {
        var manifest = (await world.Store.FindManifestAsync(id, Cancelled))!;
        var deletion = await purge.BeginAsync(manifest, (await BatchEnd.FindAsync(world.Store, manifest, Cancelled))!, Cancelled);
        return await purge.ContinueAsync(deletion, scheduler, TimeSpan.FromMinutes(1), Cancelled);
    }

    async Task<bool> TryDeleteAsync(string id, CallFaults faults)
    {
        try
        {
            var purge = new BatchPurge(faults.Wrap<IBatchStore>(world.Store), faults.Wrap<IBatchCatalog>(world.Catalog), world.Time);
            return await DeleteAsync(id, purge, faults.Wrap<IBatchScheduler>(world.Scheduler));
        }
        catch (IOException)
        {
            return false;
        }
    }

    async Task PassAsync()
    {
        var retention = new Retention(world.Store, world.Catalog, Purge(), world.Time, new RollcallOptions());
        Assert.DoesNotContain(await retention.PassAsync(world.Scheduler, Cancelled).ToListAsync(Cancelled), found => found.Error is not null);
    }

    async Task RequireGoneAsync(string id)
    {
        Assert.False(Directory.Exists(world.Store.FolderOf(id)), $"Batch '{id}' has files left.");
        Assert.DoesNotContain(id, world.Scheduler.Executions.Keys);
        foreach (var list in new[] { CatalogList.All, CatalogList.Open, CatalogList.Ended(EndKind.Completed) })
        {
            Assert.DoesNotContain(id, await world.Catalog.IdsAsync(list));
        }

        var ends = await world.Catalog.ListEndedAsync(DateTimeOffset.MaxValue, Cancelled).ToListAsync(Cancelled);
        Assert.DoesNotContain(ends, ended => ended.Entry.BatchId == id);
        Assert.Empty(await world.Catalog.ListDeletionsAsync(Cancelled).ToListAsync(Cancelled));
    }

    string[] FilesOf(string id) => Directory.GetFiles(world.Store.FolderOf(id), "*", SearchOption.AllDirectories);

    IReadOnlyList<string> Snapshot(string id) =>
        [.. FilesOf(id).Order(StringComparer.Ordinal).Select(file => $"{file} {Convert.ToHexString(File.ReadAllBytes(file))}")];
}
