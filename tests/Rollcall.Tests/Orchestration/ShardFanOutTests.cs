using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Progress;
using Rollcall.Sending;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Orchestration;

public sealed class ShardFanOutTests
{
    static readonly Attempt Attempt = new(DateTimeOffset.UnixEpoch, 1, 503, ItemErrorCode.HttpStatus);
    static readonly BatchStop Stop = new(StopKind.Cancelled, "The batch was cancelled.", DateTimeOffset.UnixEpoch);

    readonly FakeOrchestration context = new();

    [Fact]
    public async Task Item_ThatWasSentBeforeAPause_KeepsItsAttempts()
    {
        var shard = Run(items: 1);
        Take().Response(FailedOnce(wait: 30, isPaused: true));
        Fire(5);
        Assert.Equal([Attempt], Take().InputAs<PostItemInput>().Attempts!);

        // The activity that finds the pause again knows the attempts, and so does what follows.
        Take().Response(FailedOnce(wait: 60, isPaused: true));
        Fire(10);
        Assert.Equal([Attempt], Take().InputAs<PostItemInput>().Attempts!);
        await EndAsync(shard);
    }

    [Fact]
    public async Task Item_ThatThePlatformLosesAfterAnAttempt_KeepsTheAttempt()
    {
        var shard = Run(items: 1);
        Take().Response(FailedOnce(wait: 30));
        Fire(30);
        Take().Fail("no memory");
        var outcome = (await EndAsync(shard)).Single();
        Assert.Equal((ItemErrorCode.Platform, "no memory", 1), (outcome.Error!.Code, outcome.Error.Message, outcome.Attempts));
        Assert.Equal([Attempt], outcome.AttemptHistory!);
    }

    [Fact]
    public async Task Item_ThatIsStoppedBetweenAttempts_KeepsTheLastResponse()
    {
        var shard = Run(items: 1);
        var responded = FailedOnce(wait: 30);
        Take().Response(responded);
        Fire(30);
        Take().Response(new SendResult(Stop.OutcomeOf(0, [Attempt]), RetryAfter: null, Stop));
        Assert.Same(responded.Outcome, (await EndAsync(shard)).Single());
    }

    [Fact]
    public async Task Plan_ThatComesWhileAFailedItemWaits_DoesNotShortenTheWait()
    {
        var shard = Run(items: 1);
        Take().Response(FailedOnce(wait: 30));
        context.Raise(LanePlan.EventName, PlanOf(number: 1, count: 2));
        Assert.Empty(context.Calls);
        Fire(30);
        Take().Response(Success(0));
        await EndAsync(shard);
    }

    [Fact]
    public async Task Plan_WithOtherLanesOnly_LeavesItemsTheTurnsThatTheyWaitFor()
    {
        var shard = Run(items: 1);
        Take().Response(NotSent(wait: 30));
        context.Raise(LanePlan.EventName, PlanOf(number: 1, count: 2));
        Fire(30);
        Take().Response(Success(0));
        await EndAsync(shard);
    }

    [Theory]
    [InlineData(5.0)]
    [InlineData(null)]
    public async Task Plan_WithAnotherRate_EndsTheWaitOfAnItemForItsTurn(double? rate)
    {
        var shard = Run(items: 1, ratePerSecond: 1);
        Take().Response(NotSent(wait: 30));
        context.Raise(LanePlan.EventName, PlanOf(number: 1, count: 1) with { RatePerSecond = rate });
        Assert.Empty(context.Timers);
        Take().Response(Success(0));
        await EndAsync(shard);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_WhileAnItemWaits_EndsTheWaitWhicheverItIs(bool wasSent)
    {
        var shard = Run(items: 1);
        Take().Response(wasSent ? FailedOnce(wait: 30) : NotSent(wait: 30));
        context.Raise(LanePlan.EventName, PlanOf(number: 1, count: 1) with { IsStopped = true });
        Assert.Empty(context.Timers);

        // A process that has not heard of the stop yet asks for another wait, which would be for nothing.
        Take().Response(wasSent ? FailedOnce(wait: 30) : NotSent(wait: 30));
        Assert.Empty(context.Timers);
        Take().Response(new SendResult(Stop.OutcomeOf(0, []), RetryAfter: null, Stop));
        await EndAsync(shard);
    }

    [Fact]
    public async Task Plan_ThatWasMadeEarlierAndComesLater_IsNotTaken()
    {
        var shard = Run(items: 5);
        context.Raise(LanePlan.EventName, PlanOf(number: 2, count: 3));
        context.Raise(LanePlan.EventName, PlanOf(number: 1, count: 5));
        context.Raise(LanePlan.EventName, PlanOf(number: 2, count: 4));
        Assert.Equal([0, 1, 2], context.Calls.Select(call => call.InputAs<PostItemInput>().Index));
        await EndAsync(shard);
    }

    [Fact]
    public async Task Items_OfAShardThatHasEnded_AreWrittenOnceEachInOrder()
    {
        var shard = Run(items: 3, lanes: 2);
        var first = Take();
        Take(1).Response(Success(1));
        Take(1).Response(Success(2));
        Assert.False(shard.IsCompleted);
        first.Response(Success(0));
        Assert.Equal([0, 1, 2], (await EndAsync(shard)).Select(outcome => outcome.Index));
    }

    [Fact]
    public async Task Items_ThatWereNotSent_AreNotInTheRate()
    {
        var shard = Run(items: 2);
        Take().Response(Success(0));
        Take().Response(new SendResult(Stop.OutcomeOf(1, []), RetryAfter: null, Stop));
        await EndAsync(shard);
        var tally = (await shard).Tally;
        Assert.Equal((1, 1), (tally.Sent, tally.Recent.BySecond.Values.Sum()));
    }

    [Theory]
    [InlineData(0L, true)]
    [InlineData(5L, false)]
    [InlineData(null, false)]
    public void Failures_ThatAreAllowed_AreThoseOfTheNewestPlan(long? failuresLeft, bool isStopped)
    {
        _ = Run(items: 2);
        context.Raise(LanePlan.EventName, PlanOf(number: 1, count: 1) with { FailuresLeft = failuresLeft });
        Take().Response(new SendResult(TestOutcome.Failed(0, ItemErrorCode.HttpStatus, 500), RetryAfter: null));
        Assert.Equal(isStopped, Assert.Single(context.Calls).Input is not PostItemInput);
    }

    [Fact]
    public async Task Item_WhoseStoredResponseIsLost_IsSentAgainAndWrittenAgain()
    {
        var shard = Run(items: 3, lanes: 3);
        RespondToAll();
        Assert.Single(context.Calls).Response(new WrittenShard(Tally: null, [1]));
        var again = Assert.Single(context.Calls);
        Assert.Equal(1, again.InputAs<PostItemInput>().Index);
        var second = TestOutcome.Succeeded(1, "second");
        again.Response(new SendResult(second));
        var outcomes = await EndAsync(shard);
        Assert.Equal([0, 1, 2], outcomes.Select(outcome => outcome.Index));
        Assert.Same(second, outcomes[1]);
    }

    [Fact]
    public async Task Item_WhoseStoredResponseIsLostEachTime_IsANamedFailure()
    {
        var shard = Run(items: 2, lanes: 2);
        for (int round = 0; round <= 3; round++)
        {
            RespondToAll();
            Assert.Single(context.Calls).Response(new WrittenShard(Tally: null, [1]));
        }

        var outcomes = await EndAsync(shard);
        Assert.Equal([OutcomeStatus.Succeeded, OutcomeStatus.Failed], outcomes.Select(outcome => outcome.Status));
        Assert.Equal(ItemErrorCode.Platform, outcomes[1].Error!.Code);
        Assert.Null(outcomes[1].Body);
    }

    [Fact]
    public async Task Lanes_ThatAShardHasNoUseForAnyMore_AreLeftToItsBatchByHalves()
    {
        var shard = Run(items: 9, lanes: 8);
        for (int left = 8; left > 0; left--)
        {
            Take().Response(Success(Take().InputAs<PostItemInput>().Index));
        }

        Assert.Equal(
            [(TestBatch.Id, 4), (TestBatch.Id, 2), (TestBatch.Id, 1)],
            context.Sent.Select(sent => (sent.InstanceId, ((SpareLanes)sent.Payload).Use)));
        await EndAsync(shard);
    }

    [Fact]
    public async Task Lanes_ThatAShardHasLeft_AreNotUsedForItemsThatAreSentAgain()
    {
        var shard = Run(items: 4, lanes: 3);
        RespondToAll();
        Assert.Equal(1, ((SpareLanes)Assert.Single(context.Sent).Payload).Use);
        Assert.Single(context.Calls).Response(new WrittenShard(Tally: null, [0, 1, 2]));
        Assert.Single(context.Calls);

        // A plan that was made before the batch heard of it.
        context.Raise(LanePlan.EventName, PlanOf(number: 1, count: 3));
        Assert.Single(context.Calls);
        await EndAsync(shard);
    }

    void RespondToAll()
    {
        while (context.Calls[0].Input is PostItemInput posted)
        {
            Take().Response(Success(posted.Index));
        }
    }

    static SendResult Success(long index) => new(TestOutcome.Succeeded(index));

    static SendResult FailedOnce(double wait, bool isPaused = false) =>
        new(
            TestOutcome.Failed(0, ItemErrorCode.HttpStatus, 503) with { Attempts = 1, AttemptHistory = [Attempt] },
            TimeSpan.FromSeconds(wait),
            Stop: null,
            isPaused);

    static SendResult NotSent(double wait) => new(ItemOutcome.Failed(0, [], error: null), TimeSpan.FromSeconds(wait));

    static LanePlan PlanOf(int number, int count) => new(count, number);

    Task<ShardResult> Run(int items, int lanes = 1, double? ratePerSecond = null)
    {
        var plan = PlanOf(number: 0, lanes) with { RatePerSecond = ratePerSecond };
        return new ShardFanOut(context, new ShardPlan(TestBatch.Id, Run: 1, Shard: 0, FirstIndex: 0, items, plan)).RunAsync();
    }

    FakeCall Take(int place = 0) => context.Calls[place];

    void Fire(int seconds)
    {
        Assert.Empty(context.Calls);
        var timer = Assert.Single(context.Timers);
        Assert.Equal(seconds, timer.Wait.TotalSeconds);
        timer.Fire();
    }

    /// <summary>Answers whatever is still sent with success, and has the shard written.</summary>
    async Task<IReadOnlyList<ItemOutcome>> EndAsync(Task<ShardResult> shard)
    {
        RespondToAll();
        var write = Assert.Single(context.Calls);
        write.Response(new WrittenShard(new BatchTally(), []));
        await shard;
        return write.InputAs<ShardOutcomes>().Outcomes;
    }
}
