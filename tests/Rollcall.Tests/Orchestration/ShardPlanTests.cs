using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Sending;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Orchestration;

/// <summary>What a shard does with the plans that its batch sends it, and which lanes it leaves to the batch.</summary>
public sealed class ShardPlanTests
{
    readonly TestShard shard = new();

    [Fact]
    public async Task Plan_ThatComesWhileAFailedItemWaits_DoesNotShortenTheWait()
    {
        var run = shard.Start(items: 1);
        shard.Take().Response(TestShard.FailedOnce(wait: 30));
        shard.Context.Raise(LanePlan.EventName, TestShard.PlanOf(number: 1, count: 2));
        Assert.Empty(shard.Context.Calls);
        shard.Fire(30);
        shard.Take().Response(TestShard.Success(0));
        await shard.EndAsync(run);
    }

    [Fact]
    public async Task Plan_WithOtherLanesOnly_LeavesItemsTheTurnsThatTheyWaitFor()
    {
        var run = shard.Start(items: 1);
        shard.Take().Response(TestShard.NotSent(wait: 30));
        shard.Context.Raise(LanePlan.EventName, TestShard.PlanOf(number: 1, count: 2));
        shard.Fire(30);
        shard.Take().Response(TestShard.Success(0));
        await shard.EndAsync(run);
    }

    [Theory]
    [InlineData(5.0)]
    [InlineData(null)]
    public async Task Plan_WithAnotherRate_EndsTheWaitOfAnItemForItsTurn(double? rate)
    {
        var run = shard.Start(items: 1, ratePerSecond: 1);
        shard.Take().Response(TestShard.NotSent(wait: 30));
        shard.Context.Raise(LanePlan.EventName, TestShard.PlanOf(number: 1, count: 1) with { RatePerSecond = rate });
        Assert.Empty(shard.Context.Timers);
        shard.Take().Response(TestShard.Success(0));
        await shard.EndAsync(run);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_WhileAnItemWaits_EndsTheWaitWhicheverItIs(bool wasSent)
    {
        var run = shard.Start(items: 1);
        shard.Take().Response(wasSent ? TestShard.FailedOnce(wait: 30) : TestShard.NotSent(wait: 30));
        shard.Context.Raise(LanePlan.EventName, TestShard.PlanOf(number: 1, count: 1) with { IsStopped = true });
        Assert.Empty(shard.Context.Timers);

        // A process that has not heard of the stop yet asks for another wait, which would be for nothing.
        shard.Take().Response(wasSent ? TestShard.FailedOnce(wait: 30) : TestShard.NotSent(wait: 30));
        Assert.Empty(shard.Context.Timers);
        shard.Take().Response(new SendResult(TestShard.Stop.OutcomeOf(0, []), RetryAfter: null, TestShard.Stop));
        await shard.EndAsync(run);
    }

    [Fact]
    public async Task Plan_ThatWasMadeEarlierAndComesLater_IsNotTaken()
    {
        var run = shard.Start(items: 5);
        shard.Context.Raise(LanePlan.EventName, TestShard.PlanOf(number: 2, count: 3));
        shard.Context.Raise(LanePlan.EventName, TestShard.PlanOf(number: 1, count: 5));
        shard.Context.Raise(LanePlan.EventName, TestShard.PlanOf(number: 2, count: 4));
        Assert.Equal([0, 1, 2], shard.Context.Calls.Select(call => call.InputAs<PostItemInput>().Index));
        await shard.EndAsync(run);
    }

    [Theory]
    [InlineData(0L, true)]
    [InlineData(5L, false)]
    [InlineData(null, false)]
    public void Failures_ThatAreAllowed_AreThoseOfTheNewestPlan(long? failuresLeft, bool isStopped)
    {
        _ = shard.Start(items: 2);
        shard.Context.Raise(LanePlan.EventName, TestShard.PlanOf(number: 1, count: 1) with { FailuresLeft = failuresLeft });
        shard.Take().Response(new SendResult(TestOutcome.Failed(0, ItemErrorCode.HttpStatus, 500), RetryAfter: null));
        Assert.Equal(isStopped, Assert.Single(shard.Context.Calls).Input is not PostItemInput);
    }

    [Fact]
    public async Task Lanes_ThatAShardHasNoUseForAnyMore_AreLeftToItsBatchByHalves()
    {
        var run = shard.Start(items: 9, lanes: 8);
        for (int left = 8; left > 0; left--)
        {
            shard.Take().Response(TestShard.Success(shard.Take().InputAs<PostItemInput>().Index));
        }

        Assert.Equal(
            [(TestBatch.Id, 4), (TestBatch.Id, 2), (TestBatch.Id, 1)],
            shard.Context.Sent.Select(sent => (sent.InstanceId, ((SpareLanes)sent.Payload).Use)));
        await shard.EndAsync(run);
    }

    [Fact]
    public async Task Lanes_ThatAShardHasLeft_AreNotUsedForItemsThatAreSentAgain()
    {
        var run = shard.Start(items: 4, lanes: 3);
        shard.RespondToAll();
        Assert.Equal(1, ((SpareLanes)Assert.Single(shard.Context.Sent).Payload).Use);
        Assert.Single(shard.Context.Calls).Response(new WrittenShard(Tally: null, [0, 1, 2]));
        Assert.Single(shard.Context.Calls);

        // A plan that was made before the batch heard of it.
        shard.Context.Raise(LanePlan.EventName, TestShard.PlanOf(number: 1, count: 3));
        Assert.Single(shard.Context.Calls);
        await shard.EndAsync(run);
    }
}
