using Microsoft.Extensions.Time.Testing;
using Rollcall.Sending;

namespace Rollcall.Tests.Sending;

public sealed class TargetPaceTests
{
    static readonly TimeSpan ResponseTime = TimeSpan.FromSeconds(1);

    readonly FakeTimeProvider time = new();
    readonly TargetPace pace;

    public TargetPaceTests() => pace = new TargetPace(time, () => 0.5);

    [Fact]
    public async Task Target_ThatNeverRefused_GetsAllThatIsAskedFor()
    {
        await EnterAsync(10_000);
        Assert.Equal(double.PositiveInfinity, pace.Limit);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(529)]
    public async Task Refusal_OfOneOfMany_HalvesWhatIsInFlight(int status)
    {
        var permits = await EnterAsync(64);
        pace.Leave(permits[0], ResponseTime, status, asked: null);
        Assert.Equal(32, pace.Limit);
    }

    [Fact]
    public async Task Refusals_OfRequestsThatWereInFlightTogether_HalveOnce()
    {
        foreach (var permit in await EnterAsync(64))
        {
            pace.Leave(permit, ResponseTime, 429, asked: null);
        }

        Assert.Equal(32, pace.Limit);
    }

    [Fact]
    public async Task Refusals_InARow_LeaveOneInFlight()
    {
        for (int round = 0; round < 10; round++)
        {
            pace.Leave((await EnterAsync(1))[0], ResponseTime, 503, asked: null);
        }

        Assert.Equal(1, pace.Limit);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(500)]
    public async Task Responses_OfARoundAfterARefusal_AddOneToTheLimit(int status)
    {
        foreach (var permit in await EnterAsync(8))
        {
            pace.Leave(permit, ResponseTime, 429, asked: null);
        }

        Assert.Equal(4, pace.Limit);
        foreach (var permit in await EnterAsync(4))
        {
            pace.Leave(permit, ResponseTime, status, asked: null);
        }

        Assert.InRange(pace.Limit, 4.9, 5);
    }

    [Fact]
    public async Task Attempt_WithoutAResponse_ChangesNoLimit()
    {
        foreach (var permit in await EnterAsync(8))
        {
            pace.Leave(permit, ResponseTime, 429, asked: null);
        }

        pace.Leave((await EnterAsync(1))[0], ResponseTime, status: null, asked: null);
        Assert.Equal(4, pace.Limit);
    }

    [Fact]
    public async Task Items_OverTheLimit_WaitInLineForTheNextPermit()
    {
        var permits = await EnterAsync(2);
        pace.Leave(permits[0], ResponseTime, 429, asked: null);
        var first = pace.EnterAsync();
        var second = pace.EnterAsync();
        Assert.False(first.IsCompleted, "A target that takes one at once got a second one.");

        pace.Leave(permits[1], ResponseTime, 429, asked: null);
        var permit = await first;
        Assert.Null(permit.Wait);
        Assert.False(second.IsCompleted, "A target that takes one at once got a second one.");

        pace.Leave(permit, ResponseTime, 200, asked: null);
        Assert.Null((await second).Wait);
    }

    [Fact]
    public async Task Item_ThatWaitsInLineForLong_IsSentAwayForLonger()
    {
        var permits = await EnterAsync(2);
        pace.Leave(permits[0], TimeSpan.FromSeconds(100), 429, asked: null);
        var waiting = pace.EnterAsync();
        time.Advance(RetryPlan.LongestHeldWait);
        var wait = (await waiting).Wait;
        Assert.True(wait > RetryPlan.LongestHeldWait, $"The item was sent away for {wait}.");

        pace.Leave(permits[1], ResponseTime, 200, asked: null);
        Assert.Null((await pace.EnterAsync()).Wait);
    }

    [Fact]
    public async Task RetryAfter_OfOneItem_HoldsAllOthersForIt()
    {
        var permits = await EnterAsync(4);
        pace.Leave(permits[0], ResponseTime, 503, TimeSpan.FromSeconds(3));
        var held = pace.EnterAsync();
        time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(held.IsCompleted, "An item was sent before the time that the target had asked for.");

        Array.ForEach(permits[1..], permit => pace.Leave(permit, ResponseTime, 200, asked: null));
        time.Advance(TimeSpan.FromSeconds(0.7));
        Assert.Null((await held).Wait);
    }

    [Fact]
    public async Task RetryAfter_ThatIsLong_SendsAllOthersAway()
    {
        var permits = await EnterAsync(4);
        pace.Leave(permits[0], ResponseTime, 429, TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.FromSeconds(300.5), (await pace.EnterAsync()).Wait);
    }

    [Fact]
    public async Task RetryAfter_OfADay_IsBounded()
    {
        pace.Leave((await EnterAsync(1))[0], ResponseTime, 429, TimeSpan.FromDays(1));
        Assert.Equal(RetryPlan.LongestAskedWait, pace.Held);
    }

    [Fact]
    public async Task RetryAfter_WithAnyOtherStatus_HoldsNobodyElse()
    {
        pace.Leave((await EnterAsync(1))[0], ResponseTime, 500, TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.Zero, pace.Held);
    }

    async Task<TargetPermit[]> EnterAsync(int count)
    {
        var permits = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => pace.EnterAsync()));
        Assert.All(permits, permit => Assert.Null(permit.Wait));
        return permits;
    }
}
