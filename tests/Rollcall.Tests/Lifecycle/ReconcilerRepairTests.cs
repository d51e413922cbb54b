using Rollcall.Batches;
using Rollcall.Lifecycle;

namespace Rollcall.Tests.Lifecycle;

/// <summary>Batches whose orchestration has ended and which have no receipt.</summary>
public sealed class ReconcilerRepairTests : IDisposable
{
    readonly TestReconciler world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task Batch_WhoseOrchestrationFailed_IsRepairedAsOftenAsAllowedAndThenFailsWithTheReason()
    {
        world.Options.MaxRepairs = 2;
        await world.AddAsync("b");
        var actions = new List<ReconcileAction>();
        for (int i = 0; i < 3; i++)
        {
            world.End("b", "no room", new OutcomeCounts { Succeeded = 7 });
            actions.Add(Assert.Single(await world.ReconcileAsync()).Action);
        }

        Assert.Equal([ReconcileAction.Repaired, ReconcileAction.Repaired, ReconcileAction.Failed], actions);
        Assert.Equal(2, world.Scheduler.Scheduled.Count);
        var failure = await world.FailureAsync("b");
        Assert.Equal("no room The batch was repaired 2 times before.", failure!.Reason);
        Assert.Equal(7, failure.Counts.Succeeded);
        Assert.Equal(world.Scheduler.Executions["b"].EndedAt, failure.FailedAt);
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    public async Task Batch_ThatFailedForGood_StaysSoWhenItsOrchestrationIsForgotten()
    {
        world.Options.MaxRepairs = 0;
        await world.AddAsync("b");
        world.End("b", "no room");
        await world.ReconcileAsync();
        world.Scheduler.Executions.Clear();

        Assert.Empty(await world.ReconcileAsync());
        var (isOpen, found) = await world.ReconcileOneAsync("b");

        Assert.False(isOpen);
        Assert.Null(found);
        Assert.Empty(world.Scheduler.Scheduled);
        Assert.Equal("no room", (await world.FailureAsync("b"))!.Reason);
    }

    [Fact]
    public async Task Batch_WhoseOrchestrationWasTerminated_FailsAtOnce()
    {
        await world.AddAsync("b");
        world.End("b", "by hand", isTerminated: true);

        Assert.Equal(ReconcileAction.Failed, Assert.Single(await world.ReconcileAsync()).Action);

        Assert.Empty(world.Scheduler.Scheduled);
        Assert.Equal("by hand", (await world.FailureAsync("b"))!.Reason);
    }

    [Fact]
    public async Task Batch_WhoseOrchestrationEndedWithoutAReceipt_IsRepaired()
    {
        await world.AddAsync("b");
        world.End("b", failure: null);

        var found = Assert.Single(await world.ReconcileAsync());

        Assert.Equal(ReconcileAction.Repaired, found.Action);
        Assert.Equal("The orchestration ended, and there is no receipt.", found.Reason);
        Assert.Single(world.Scheduler.Scheduled);
    }

    [Fact]
    public async Task Repair_ThatWasRecordedButNotScheduled_IsScheduledWithoutBeingCountedTwice()
    {
        world.Options.MaxRepairs = 1;
        await world.AddAsync("b");
        world.End("b", "no room");
        world.Scheduler.Failure = new IOException("The connection was lost.");
        Assert.Equal(ReconcileAction.Skipped, Assert.Single(await world.ReconcileAsync()).Action);
        world.Scheduler.Failure = null;

        Assert.Equal(ReconcileAction.Repaired, Assert.Single(await world.ReconcileAsync()).Action);

        Assert.Single(world.Scheduler.Scheduled);
        Assert.Equal([1], await world.RepairsAsync("b"));
    }

    [Fact]
    public async Task Passes_ThatRunAtOnce_RecordOneRepair()
    {
        await world.AddAsync("b");
        world.End("b", "no room");

        var found = (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.ReconcileAsync()))).SelectMany(pass => pass).ToList();

        Assert.Equal([1], await world.RepairsAsync("b"));
        Assert.All(found, batch => Assert.Equal(ReconcileAction.Repaired, batch.Action));
        Assert.Null(await world.FailureAsync("b"));
    }
}
