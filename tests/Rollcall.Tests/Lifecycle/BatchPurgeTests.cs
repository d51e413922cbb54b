using Rollcall.Batches;
using Rollcall.Lifecycle;
using Rollcall.Orchestration;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Lifecycle;

public sealed class BatchPurgeTests : IDisposable
{
    const int CallsAtMost = 40;

    readonly TestReconciler world = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task Batch_Deleted_LeavesNothingAndFreesItsId()
    {
        await world.AddEndedAsync("b");

        Assert.True(await world.DeleteAsync("b"));

        await RequireGoneAsync("b");
        Assert.True(await world.Purge().IsFreeAsync("b", world.Scheduler, Cancelled));
    }

    [Fact]
    public async Task Batch_WhoseShardStillGoesOn_IsGoneOnlyWhenThatHasEnded()
    {
        await world.AddEndedAsync("b");
        world.Run("b");

        Assert.False(await world.DeleteAsync("b"));
        Assert.Null(await world.Store.FindManifestAsync("b", Cancelled));
        Assert.NotEmpty(world.FilesOf("b"));
        Assert.False(await world.Purge().IsFreeAsync("b", world.Scheduler, Cancelled));

        await PassAsync();
        await RequireGoneAsync("b");
    }

    [Fact]
    public async Task Batch_OfManyPieces_IsDeletedInSteps()
    {
        await world.AddEndedAsync("b");
        for (int i = 0; i < 7; i++)
        {
            await world.Store.WriteBodyAsync("b", i, stream => stream.WriteAsync(new byte[10]).AsTask(), Cancelled);
        }

        int before = world.FilesOf("b").Length;
        Assert.True(await world.Store.DeleteAsync("b", most: 3, Cancelled));
        Assert.Equal(before - 3, world.FilesOf("b").Length);
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
        await world.AddEndedAsync("other");
        var other = world.Snapshot("other");
        int number = 1;
        for (; number < CallsAtMost; number++)
        {
            await world.AddEndedAsync("b");
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
                Assert.True(await world.DeleteAsync("b"));
            }

            await PassAsync();
            await RequireGoneAsync("b");
            Assert.Equal(other, world.Snapshot("other"));
            Assert.Equal(["other"], await world.Catalog.IdsAsync(CatalogList.All));
            Assert.Equal(["other"], await world.Catalog.IdsAsync(CatalogList.Ended(EndKind.Completed)));
        }

        Assert.InRange(number, 8, CallsAtMost - 1);
    }

    [Fact]
    public async Task Deletions_OfOneBatchAtOnce_AllSucceed()
    {
        await world.AddEndedAsync("b");
        var manifest = (await world.Store.FindManifestAsync("b", Cancelled))!;
        var deletion = await world.Purge().BeginAsync(manifest, run: 1, (await world.Store.FindEndAsync(manifest, Cancelled))!, Cancelled);

        bool[] gone = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => world.Purge().ContinueAsync(deletion!, world.Scheduler, TimeSpan.FromMinutes(1), Cancelled))));

        Assert.All(gone, Assert.True);
        await RequireGoneAsync("b");
    }

    async Task<bool> TryDeleteAsync(string id, CallFaults faults)
    {
        try
        {
            var purge = new BatchPurge(faults.Wrap<IBatchStore>(world.Store), faults.Wrap<IBatchCatalog>(world.Catalog), world.Time);
            return await world.DeleteAsync(id, purge, faults.Wrap<IBatchScheduler>(world.Scheduler));
        }
        catch (IOException)
        {
            return false;
        }
    }

    async Task PassAsync()
    {
        var retention = new Retention(world.Store, world.Catalog, world.Purge(), world.Time, new RollcallOptions(), world.Uploads);
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
}
