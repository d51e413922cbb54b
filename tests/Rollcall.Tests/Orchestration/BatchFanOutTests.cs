using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Progress;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Orchestration;

public sealed class BatchFanOutTests
{
    static readonly BatchManifest Manifest = TestBatch.ManifestOf(
        items: 12, itemsPerShard: 4) with
    { Options = new BatchOptions { Concurrency = 4 } };
    static readonly BatchManifest Longer = Manifest with { ItemCount = 20 };
    static readonly BatchStop Stop = new(StopKind.Cancelled, "The batch was cancelled.", DateTimeOffset.UnixEpoch);

    readonly FakeOrchestration context = new();

    [Fact]
    public async Task Shard_BeyondTheLanesThatFails_LeavesItsLanesToTheOthers()
    {
        var control = BatchControl.Of(Manifest);
        var batch = Run(control);
        var (first, second) = (context.Calls[0], context.Calls[1]);
        context.Raise(BatchOrchestrator.ControlEvent, control.Bounded(concurrency: 1, ratePerSecond: null));
        Assert.Equal([(0, 0), (1, 1), (2, 0)], PlansSent().Order());
        context.Sent.Clear();

        second.Fail("no room for shard 1");
        Assert.Equal([(2, 1)], PlansSent());

        // Those that can end do, and the batch is not sealed.
        End(first);
        End(Assert.Single(context.Calls));
        Assert.Contains(
            "no room for shard 1",
            (await Assert.ThrowsAsync<TaskFailedException>(() => batch)).ToString(),
            StringComparison.Ordinal);
        Assert.Empty(context.Calls);
    }

    [Fact]
    public async Task Shards_OfABatchThatBeginsNoOther_GetTheLanesThatOthersLeave()
    {
        // Of four lanes the shards have two, one and one.
        var batch = Run(BatchControl.Of(Manifest));
        Assert.Equal([2, 1, 1], context.Calls.Select(call => call.InputAs<ShardPlan>().Lanes.Lanes));
        End(context.Calls[0]);
        Assert.Equal([(1, 2), (2, 2)], PlansSent());
        context.Sent.Clear();

        End(context.Calls[0]);
        Assert.Equal([(2, 4)], PlansSent());
        await EndAsync(batch);
    }

    [Fact]
    public async Task Shard_OfABatchThatBeginsOthers_IsFollowedByOneWithItsLanes()
    {
        var batch = Run(BatchControl.Of(Longer), Longer);
        End(context.Calls[0]);
        Assert.Empty(context.Sent);
        Assert.Equal((3, 2), (context.Calls[^1].InputAs<ShardPlan>().Shard, context.Calls[^1].InputAs<ShardPlan>().Lanes.Lanes));
        await EndAsync(batch);
    }

    [Fact]
    public async Task Lanes_ThatAShardHasNoUseFor_AreGivenToTheOthersOnceAndToTheNextShardNoMore()
    {
        var batch = Run(BatchControl.Of(Longer), Longer);
        var spare = new SpareLanes($"{BatchPlan.InstancePrefixOf(TestBatch.Id)}0", Use: 1);
        context.Raise(SpareLanes.EventName, spare);
        Assert.Equal([(1, 2)], PlansSent());
        context.Sent.Clear();

        context.Raise(SpareLanes.EventName, spare);
        context.Raise(SpareLanes.EventName, spare with { Use = 2 });
        context.Raise(SpareLanes.EventName, spare with { InstanceId = "another", Use = 0 });
        Assert.Empty(context.Sent);

        End(context.Calls[0]);
        Assert.Equal((3, 1), (context.Calls[^1].InputAs<ShardPlan>().Shard, context.Calls[^1].InputAs<ShardPlan>().Lanes.Lanes));
        await EndAsync(batch);
    }

    [Fact]
    public async Task Redrive_OfAnItemOfEachShard_HasMoreShardsLiveAndLeavesOutThoseWithNone()
    {
        var manifest = Manifest with { ItemCount = 80 };
        var batch = Run(BatchControl.Of(manifest), manifest, isRedrive: true);
        var left = Enumerable.Range(0, 20).Where(shard => shard != 1).ToDictionary(shard => shard, _ => 1);
        Assert.Single(context.Calls).Response(new WrittenShards([1], new BatchTally(), left));
        Assert.Equal([0, 2, 3, 4], context.Calls.Select(call => call.InputAs<ShardPlan>().Shard));
        Assert.All(context.Calls, call => Assert.Equal(1, call.InputAs<ShardPlan>().Lanes.Lanes));
        await EndAsync(batch);
    }

    [Fact]
    public async Task Redrive_OfOneShard_GivesItAllLanesAtOnce()
    {
        var batch = Run(BatchControl.Of(Manifest), Manifest, isRedrive: true);
        Assert.Single(context.Calls).Response(new WrittenShards([0, 2], new BatchTally(), new Dictionary<int, int> { [1] = 4 }));
        Assert.Equal(4, Assert.Single(context.Calls).InputAs<ShardPlan>().Lanes.Lanes);
        await EndAsync(batch);
    }

    [Fact]
    public async Task Plans_OfChangesOneAfterTheOther_AreNumberedInTheirOrder()
    {
        var control = BatchControl.Of(Manifest);
        var batch = Run(control);
        var wider = control.Bounded(concurrency: 6, ratePerSecond: null);
        context.Raise(BatchOrchestrator.ControlEvent, wider);
        context.Raise(BatchOrchestrator.ControlEvent, wider.Stopped(Stop));
        var plans = context.Sent.Select(sent => (LanePlan)sent.Payload).ToList();
        Assert.Equal([2, 2, 2, 3, 3, 3], plans.Select(plan => plan.Number));
        Assert.Equal([false, false, false, true, true, true], plans.Select(plan => plan.IsStopped));
        await EndAsync(batch);
    }

    [Fact]
    public async Task Change_ThatComesAfterANewerOne_IsNotTaken()
    {
        var control = BatchControl.Of(Manifest);
        var batch = Run(control);
        var older = control.Bounded(concurrency: 1, ratePerSecond: null);
        context.Raise(BatchOrchestrator.ControlEvent, older.Bounded(concurrency: 6, ratePerSecond: null));
        context.Sent.Clear();
        context.Raise(BatchOrchestrator.ControlEvent, older);
        Assert.Empty(context.Sent);
        await EndAsync(batch);
    }

    [Fact]
    public async Task Batch_ThatWasStoppedBeforeItWasScheduled_SendsNothing()
    {
        var batch = Run(BatchControl.Of(Manifest).Stopped(Stop));
        var unsent = Assert.Single(context.Calls);
        Assert.Equal(new UnsentShards(TestBatch.Id, 0, 3, Stop), unsent.Input);
        await EndAsync(batch);
    }

    [Fact]
    public async Task Shards_OfALongBatchThatWasStopped_AreWrittenInStepsThatTheHostHasTimeFor()
    {
        var manifest = Manifest with { ItemCount = 4 * 600 };
        var batch = Run(BatchControl.Of(manifest).Stopped(Stop), manifest);
        foreach (var (start, end) in new[] { (0, 250), (250, 500), (500, 600) })
        {
            var call = Assert.Single(context.Calls);
            Assert.Equal(new UnsentShards(TestBatch.Id, start, end, Stop), call.Input);
            call.Response(new BatchTally());
        }

        await EndAsync(batch);
    }

    [Fact]
    public async Task Shards_OfALongBatchThatIsTakenUp_AreLookedForInStepsThatTheHostHasTimeFor()
    {
        var manifest = Manifest with { ItemCount = 4 * 600 };
        var batch = Run(BatchControl.Of(manifest), manifest, isRedrive: true);
        foreach (var (start, end) in new[] { (0, 250), (250, 500), (500, 600) })
        {
            var call = Assert.Single(context.Calls);
            Assert.Equal(new ShardRange(TestBatch.Id, Run: 2, start, end), call.Input);
            var left = start == 500 ? new Dictionary<int, int> { [599] = 3 } : [];
            call.Response(new WrittenShards([.. Enumerable.Range(start, end - start).Except(left.Keys)], new BatchTally(), left));
        }

        Assert.Equal(599, Assert.Single(context.Calls).InputAs<ShardPlan>().Shard);
        await EndAsync(batch);
    }

    [Fact]
    public async Task Shard_WhoseResultsAreLostBeforeTheSeal_IsRunAgainAndTheBatchSealed()
    {
        var batch = Run(BatchControl.Of(Manifest));
        RespondWithShards();
        Assert.Single(context.Calls).Response(new SealResult(Whole: null, [new LostShard(1, "Shard 1 is damaged.")]));
        Assert.Equal(1, Assert.Single(context.Calls).InputAs<ShardPlan>().Shard);
        await EndAsync(batch);
    }

    [Fact]
    public async Task Shard_WhoseResultsAreLostAfterAStop_IsWrittenAsUnsent()
    {
        var batch = Run(BatchControl.Of(Manifest).Stopped(Stop));
        Assert.Single(context.Calls).Response(new BatchTally());
        Assert.Single(context.Calls).Response(new SealResult(Whole: null, [new LostShard(1, "Shard 1 is damaged.")]));
        Assert.Equal(new UnsentShards(TestBatch.Id, 1, 2, Stop), Assert.Single(context.Calls).Input);
        await EndAsync(batch);
    }

    [Fact]
    public async Task Batch_WhoseResultsAreLostEachTime_FailsAndSaysWhich()
    {
        var batch = Run(BatchControl.Of(Manifest));
        while (!batch.IsCompleted)
        {
            RespondWithShards();
            Assert.Single(context.Calls).Response(new SealResult(Whole: null, [new LostShard(1, "Shard 1 is damaged.")]));
        }

        Assert.Contains(
            "Shard 1 is damaged.",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => batch)).Message,
            StringComparison.Ordinal);
    }

    static void End(FakeCall shard) => shard.Response(new ShardResult(((ShardPlan)shard.Input!).Shard, new BatchTally(), Failures: 0));

    void RespondWithShards()
    {
        while (context.Calls[0].Input is ShardPlan)
        {
            End(context.Calls[0]);
        }
    }

    Task<SealedBatch?> Run(BatchControl control, BatchManifest? manifest = null, bool isRedrive = false)
    {
        var run = BatchPlan.Of(manifest ?? Manifest, control, liveItems: 100);
        return new BatchFanOut(context, isRedrive ? run with { Run = 2, Repair = "" } : run).RunAsync();
    }

    IEnumerable<(int Shard, int Lanes)> PlansSent() => context.Sent.Select(sent =>
        (int.Parse(sent.InstanceId[BatchPlan.InstancePrefixOf(TestBatch.Id).Length..]), ((LanePlan)sent.Payload).Lanes));

    /// <summary>Responds to everything with success up to the end of the batch.</summary>
    async Task EndAsync(Task<SealedBatch?> batch)
    {
        var whole = new SealedBatch(12, new OutcomeCounts(), "", DateTimeOffset.UnixEpoch);
        while (!batch.IsCompleted)
        {
            var call = context.Calls[0];
            call.Response(call.Input switch
            {
                ShardPlan shard => new ShardResult(shard.Shard, new BatchTally(), Failures: 0),
                UnsentShards => new BatchTally(),
                _ => new SealResult(whole, []),
            });
        }

        Assert.Same(whole, await batch);
    }
}
