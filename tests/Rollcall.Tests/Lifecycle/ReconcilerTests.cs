using Rollcall.Batches;
using Rollcall.Lifecycle;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Lifecycle;

public sealed class ReconcilerTests : IDisposable
{
    readonly TestReconciler world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task Batch_ThatWasNeverScheduled_IsScheduledOnce()
    {
        await world.AddAsync("b");

        var found = Assert.Single(await world.ReconcileAsync());

        Assert.Equal(("b", ReconcileAction.Scheduled), (found.BatchId, found.Action));
        var run = Assert.Single(world.Scheduler.Scheduled);
        Assert.Equal("b", run.BatchId);
        Assert.NotNull(run.Repair);
        Assert.Empty(await world.ReconcileAsync());
        Assert.Single(world.Scheduler.Scheduled);
    }

    [Fact]
    public async Task Batch_WhoseOrchestrationIsLostAgain_IsScheduledAgainUnderAnotherName()
    {
        await world.AddAsync("b");
        await world.ReconcileAsync();
        world.Scheduler.Executions.Clear();

        Assert.Equal(ReconcileAction.Scheduled, Assert.Single(await world.ReconcileAsync()).Action);

        Assert.Equal(2, world.Scheduler.Scheduled.Select(run => run.InstanceIdOf(0)).Distinct().Count());
    }

    [Fact]
    public async Task Batch_ThatRuns_IsLeftAlone()
    {
        await world.AddAsync("b");
        world.Run("b");

        Assert.Empty(await world.ReconcileAsync());

        Assert.Empty(world.Scheduler.Scheduled);
        Assert.Equal(["b"], await world.OpenAsync());
    }

    [Fact]
    public async Task Batch_ThatIsSealed_IsClosedAndNotLookedAtAgain()
    {
        await world.AddAsync("b");
        await world.SealAsync("b");
        world.End("b", failure: null);

        Assert.Empty(await world.ReconcileAsync());

        Assert.Empty(await world.OpenAsync());
        Assert.Equal(["b"], await world.AllAsync());
    }

    [Fact]
    public async Task Batch_ThatIsRedrivenWhileItIsClosed_StaysOpen()
    {
        await world.AddAsync("b");
        await world.SealAsync("b");
        world.End("b", failure: null);
        var manifest = (await world.Store.FindManifestAsync("b", TestContext.Current.CancellationToken))!;
        var catalog = CallHook.Wrap<IBatchCatalog>(world.Catalog, nameof(IBatchCatalog.CloseAsync), call => RedriveAndCloseAsync(call));

        await new Reconciler(world.Store, catalog, world.Time, world.Options).ReconcileAsync(world.Scheduler, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["b"], await world.OpenAsync());

        async Task RedriveAndCloseAsync(Func<object?> close)
        {
            await world.Store.WriteControlAsync(BatchControl.Of(manifest).Redriven(world.Time.GetUtcNow(), onlyCodes: null), TestContext.Current.CancellationToken);
            await (Task)close()!;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Batch_ThatIsSealed_IsNotRunAgainThoughItsOrchestrationIsForgottenOrFailed(bool hasFailed)
    {
        await world.AddAsync("b");
        await world.SealAsync("b");
        if (hasFailed)
        {
            world.End("b", "The worker was lost.");
        }

        Assert.Empty(await world.ReconcileAsync());

        Assert.Empty(world.Scheduler.Scheduled);
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    public async Task Intake_ThatHasNoManifestYet_IsLeftAloneForADay()
    {
        await world.Catalog.AddAsync("b", world.Time.GetUtcNow(), TestContext.Current.CancellationToken);
        world.Time.Advance(TimeSpan.FromHours(23));
        Assert.Empty(await world.ReconcileAsync());
        Assert.Equal(["b"], await world.OpenAsync());

        world.Time.Advance(TimeSpan.FromHours(2));
        Assert.Empty(await world.ReconcileAsync());
        Assert.Empty(await world.OpenAsync());
        Assert.Empty(world.Scheduler.Scheduled);
    }

    [Fact]
    public async Task Entry_OfASecondCallerWhoCameTooLate_IsClosedAndTheBatchStaysOpen()
    {
        await world.AddAsync("b");
        world.Run("b");
        await world.Catalog.AddAsync("b", world.Time.GetUtcNow().AddSeconds(1), TestContext.Current.CancellationToken);

        Assert.Empty(await world.ReconcileAsync());

        Assert.Equal(["b"], await world.OpenAsync());
    }

    [Fact]
    public async Task Batch_ThatCannotBeRead_DoesNotKeepTheOthersFromBeingFound()
    {
        await world.AddAsync("a");
        await world.AddAsync("broken");
        await world.AddAsync("c");
        world.Break("broken");

        var found = await world.ReconcileAsync();

        Assert.Equal(["a", "c"], world.Scheduler.Scheduled.Select(run => run.BatchId).Order());
        Assert.Equal("broken", Assert.Single(found, batch => batch.Action == ReconcileAction.Failed).BatchId);
        Assert.Equal(["broken"], await world.Catalog.IdsAsync(CatalogList.Ended(EndKind.Failed)));
    }

    [Fact]
    public async Task Batches_ThatHaveEnded_CostNothingHoweverManyThereAre()
    {
        for (int i = 0; i < 300; i++)
        {
            await world.AddAsync($"b{i}");
            await world.SealAsync($"b{i}");
        }

        await world.AddAsync("open");
        world.Run("open");
        await world.ReconcileAsync();
        world.Scheduler.Looks = 0;
        await world.ReconcileAsync();

        Assert.Equal(1, world.Scheduler.Looks);
    }

    [Fact]
    public async Task Pass_ThatIsStopped_EndsSo()
    {
        await world.AddAsync("b");
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.ReconcileAsync(stop.Token));
    }
}
