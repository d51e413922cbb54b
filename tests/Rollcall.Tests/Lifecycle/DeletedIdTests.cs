using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Lifecycle;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Lifecycle;

/// <summary>The id of a batch that was deleted, and what comes under it then.</summary>
public sealed class DeletedIdTests : IDisposable
{
    static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    readonly TestReconciler world = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task Deletion_NotedWhenTheIdIsOfTheNextBatchAlready_LeavesThatAlone()
    {
        await world.AddEndedAsync("b");
        var old = (await world.Store.FindManifestAsync("b", Cancelled))!;
        Assert.True(await world.DeleteAsync("b"));
        await world.AddEndedAsync("b");
        var before = world.Snapshot("b");

        Assert.Null(await world.Purge().BeginAsync(old, run: 1, new BatchEnd(EndKind.Completed, world.Time.GetUtcNow()), Cancelled));

        Assert.Equal(before, world.Snapshot("b"));
        Assert.True(await world.Purge().IsFreeAsync("b", world.Scheduler, Cancelled));
    }

    [Fact]
    public async Task Id_WhereManifestsAreRemembered_IsFreeAfterASecondSweepAndThenNothingIsDeleted()
    {
        await world.AddEndedAsync("b");
        var purge = new BatchPurge(Remembering(world.Store), world.Catalog, world.Time);
        Assert.True(await world.DeleteAsync("b", purge, world.Scheduler));
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
        var before = world.Snapshot("b");

        // Another caller, or the timer, that read the note before it was removed.
        Assert.True(await purge.ContinueAsync(swept, world.Scheduler, TimeSpan.FromMinutes(1), Cancelled));
        Assert.Equal(before, world.Snapshot("b"));
    }

    [Fact]
    public async Task Intake_OfAnIdThatIsBeingDeleted_MakesNoBatchOfWhatIsGone()
    {
        await world.AddEndedAsync("b");
        var old = (await world.Store.FindManifestAsync("b", Cancelled))!;
        Assert.True(await world.DeleteAsync("b"));
        async IAsyncEnumerable<BatchItem> ItemsAsync()
        {
            yield return new BatchItem(null, new byte[] { (byte)'1' });

            // By a process that has looked at the batch before it was deleted.
            var late = await world.Purge().BeginAsync(old, run: 1, new BatchEnd(EndKind.Completed, world.Time.GetUtcNow()), Cancelled);
            Assert.True(await world.Purge().ContinueAsync(late!, world.Scheduler, TimeSpan.FromMinutes(1), Cancelled));
        }

        var request = new BatchRequest("b", old.Target, old.Options, ItemsAsync());
        await Assert.ThrowsAsync<BatchDeletingException>(() => new BatchIntake(world.Store, world.Catalog).TakeAsync("b", request, world.Time.GetUtcNow(), Cancelled));

        Assert.Null(await world.Store.FindManifestAsync("b", Cancelled));
    }

    [Fact]
    public async Task Change_OfABatchThatIsDeleted_IsRefusedAndLeavesTheNextOneAsItIs()
    {
        await world.AddEndedAsync("b");
        var manifest = (await world.Store.FindManifestAsync("b", Cancelled))!;
        Assert.True(await world.DeleteAsync("b"));

        await Assert.ThrowsAsync<BatchGoneException>(() => world.Store.WriteControlAsync(BatchControl.Of(manifest).Redriven(world.Time.GetUtcNow(), onlyCodes: null), Cancelled));

        Assert.False(Directory.Exists(world.Store.FolderOf("b")));
    }

    // As of a store whose processes remember a manifest for a while.
    static IBatchStore Remembering(IBatchStore store) => CallHook.Wrap(store, "get_" + nameof(IBatchStore.ManifestAge), _ => TimeSpan.FromSeconds(10));
}
