using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Progress;
using Rollcall.Sending;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Orchestration;

/// <summary>A shard in a <see cref="FakeOrchestration"/>, whose activities and timers a test ends one by one.</summary>
sealed class TestShard
{
    public static readonly Attempt Attempt = new(DateTimeOffset.UnixEpoch, 1, 503, ItemErrorCode.HttpStatus);

    public static readonly BatchStop Stop = new(StopKind.Cancelled, "The batch was cancelled.", DateTimeOffset.UnixEpoch);

    public FakeOrchestration Context { get; } = new();

    public static SendResult Success(long index) => new(TestOutcome.Succeeded(index));

    public static SendResult FailedOnce(double wait, bool isPaused = false) =>
        new(
            TestOutcome.Failed(0, ItemErrorCode.HttpStatus, 503) with { Attempts = 1, AttemptHistory = [Attempt] },
            TimeSpan.FromSeconds(wait),
            Stop: null,
            isPaused);

    public static SendResult NotSent(double wait) => new(ItemOutcome.Failed(0, [], error: null), TimeSpan.FromSeconds(wait));

    public static LanePlan PlanOf(int number, int count) => new(count, number);

    public Task<ShardResult> Start(int items, int lanes = 1, double? ratePerSecond = null)
    {
        var plan = PlanOf(number: 0, lanes) with { RatePerSecond = ratePerSecond };
        return new ShardFanOut(Context, new ShardPlan(TestBatch.Id, Run: 1, Shard: 0, FirstIndex: 0, items, plan)).RunAsync();
    }

    public FakeCall Take(int place = 0) => Context.Calls[place];

    /// <summary>Ends the only wait of the shard, which is to be of so many seconds.</summary>
    public void Fire(int seconds)
    {
        Assert.Empty(Context.Calls);
        var timer = Assert.Single(Context.Timers);
        Assert.Equal(seconds, timer.Wait.TotalSeconds);
        timer.Fire();
    }

    /// <summary>Lets every item that is still sent succeed.</summary>
    public void RespondToAll()
    {
        while (Context.Calls[0].Input is PostItemInput posted)
        {
            Take().Response(Success(posted.Index));
        }
    }

    /// <summary>Lets every item that is still sent succeed, and has the shard written.</summary>
    public async Task<IReadOnlyList<ItemOutcome>> EndAsync(Task<ShardResult> run)
    {
        RespondToAll();
        var write = Assert.Single(Context.Calls);
        write.Response(new WrittenShard(new BatchTally(), []));
        await run;
        return write.InputAs<ShardOutcomes>().Outcomes;
    }
}
