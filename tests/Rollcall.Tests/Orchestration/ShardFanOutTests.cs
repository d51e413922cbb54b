using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Sending;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Orchestration;

public sealed class ShardFanOutTests
{
    readonly TestShard shard = new();

    [Fact]
    public async Task Item_ThatWasSentBeforeAPause_KeepsItsAttempts()
    {
        var run = shard.Start(items: 1);
        shard.Take().Response(TestShard.FailedOnce(wait: 30, isPaused: true));
        shard.Fire(5);
        Assert.Equal([TestShard.Attempt], shard.Take().InputAs<PostItemInput>().Attempts!);

        // The activity that finds the pause again knows the attempts, and so does what follows.
        shard.Take().Response(TestShard.FailedOnce(wait: 60, isPaused: true));
        shard.Fire(10);
        Assert.Equal([TestShard.Attempt], shard.Take().InputAs<PostItemInput>().Attempts!);
        await shard.EndAsync(run);
    }

    [Fact]
    public async Task Item_ThatThePlatformLosesAfterAnAttempt_KeepsTheAttempt()
    {
        var run = shard.Start(items: 1);
        shard.Take().Response(TestShard.FailedOnce(wait: 30));
        shard.Fire(30);
        shard.Take().Fail("no memory");
        var outcome = (await shard.EndAsync(run)).Single();
        Assert.Equal((ItemErrorCode.Platform, "no memory", 1), (outcome.Error!.Code, outcome.Error.Message, outcome.Attempts));
        Assert.Equal([TestShard.Attempt], outcome.AttemptHistory!);
    }

    [Fact]
    public async Task Item_ThatIsStoppedBetweenAttempts_KeepsTheLastResponse()
    {
        var run = shard.Start(items: 1);
        var responded = TestShard.FailedOnce(wait: 30);
        shard.Take().Response(responded);
        shard.Fire(30);
        shard.Take().Response(new SendResult(TestShard.Stop.OutcomeOf(0, [TestShard.Attempt]), RetryAfter: null, TestShard.Stop));
        Assert.Same(responded.Outcome, (await shard.EndAsync(run)).Single());
    }

    [Fact]
    public async Task Items_OfAShardThatHasEnded_AreWrittenOnceEachInOrder()
    {
        var run = shard.Start(items: 3, lanes: 2);
        var first = shard.Take();
        shard.Take(1).Response(TestShard.Success(1));
        shard.Take(1).Response(TestShard.Success(2));
        Assert.False(run.IsCompleted);
        first.Response(TestShard.Success(0));
        Assert.Equal([0, 1, 2], (await shard.EndAsync(run)).Select(outcome => outcome.Index));
    }

    [Fact]
    public async Task Items_ThatWereNotSent_AreNotInTheRate()
    {
        var run = shard.Start(items: 2);
        shard.Take().Response(TestShard.Success(0));
        shard.Take().Response(new SendResult(TestShard.Stop.OutcomeOf(1, []), RetryAfter: null, TestShard.Stop));
        await shard.EndAsync(run);
        var tally = (await run).Tally;
        Assert.Equal((1, 1), (tally.Sent, tally.Recent.BySecond.Values.Sum()));
    }

    [Fact]
    public async Task Item_WhoseStoredResponseIsLost_IsSentAgainAndWrittenAgain()
    {
        var run = shard.Start(items: 3, lanes: 3);
        shard.RespondToAll();
        Assert.Single(shard.Context.Calls).Response(new WrittenShard(Tally: null, [1]));
        var again = Assert.Single(shard.Context.Calls);
        Assert.Equal(1, again.InputAs<PostItemInput>().Index);
        var second = TestOutcome.Succeeded(1, "second");
        again.Response(new SendResult(second));
        var outcomes = await shard.EndAsync(run);
        Assert.Equal([0, 1, 2], outcomes.Select(outcome => outcome.Index));
        Assert.Same(second, outcomes[1]);
    }

    [Fact]
    public async Task Item_WhoseStoredResponseIsLostEachTime_IsANamedFailure()
    {
        var run = shard.Start(items: 2, lanes: 2);
        for (int round = 0; round <= 3; round++)
        {
            shard.RespondToAll();
            Assert.Single(shard.Context.Calls).Response(new WrittenShard(Tally: null, [1]));
        }

        var outcomes = await shard.EndAsync(run);
        Assert.Equal([OutcomeStatus.Succeeded, OutcomeStatus.Failed], outcomes.Select(outcome => outcome.Status));
        Assert.Equal(ItemErrorCode.Platform, outcomes[1].Error!.Code);
        Assert.Null(outcomes[1].Body);
    }
}
