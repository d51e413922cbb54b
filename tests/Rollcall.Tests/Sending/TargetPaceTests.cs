using Microsoft.Extensions.Time.Testing;
using Rollcall.Sending;

namespace Rollcall.Tests.Sending;

public sealed class TargetPaceTests
{
    static readonly TimeSpan ResponseTime = TimeSpan.FromSeconds(0.1);

    readonly FakeTimeProvider time = new();
    readonly TargetPace pace;

    public TargetPaceTests() => pace = new TargetPace(time, () => 0.5);

    [Fact]
    public async Task Target_ThatNeverRefused_GetsAllThatIsAskedFor()
    {
        await EnterAsync(10_000);
        Assert.Equal(double.PositiveInfinity, pace.Limit);
    }

    [Fact]
    public async Task Refusals_OfFewerThanHalf_HoldNobodyElse()
    {
        var permits = await EnterAsync(60);
        for (int i = 0; i < permits.Length; i++)
        {
            Leave(permits[i], i % 3 == 0 ? AttemptKind.Refused : AttemptKind.Taken, TimeSpan.FromMinutes(5));
        }

        Assert.Equal((double.PositiveInfinity, TimeSpan.Zero), (pace.Limit, pace.Held));
    }

    [Fact]
    public async Task RetryAfter_OfMostResponses_HoldsAllItems()
    {
        await LeaveAllAsync(10, AttemptKind.Refused, TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(3), pace.Held);
        var held = EnterAsync();
        time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(held.IsCompleted, "An item was sent before the time that the target had asked for.");

        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null((await held).Wait);
    }

    [Fact]
    public async Task RetryAfter_OfMostResponsesThatIsLong_SendsAllItemsAway()
    {
        await LeaveAllAsync(10, AttemptKind.Refused, TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.FromSeconds(300.5), (await EnterAsync()).Wait);
    }

    [Fact]
    public async Task RetryAfter_OfADay_IsBounded()
    {
        await LeaveAllAsync(10, AttemptKind.Refused, TimeSpan.FromDays(1));
        Assert.Equal(RetryPlan.LongestAskedWait, pace.Held);
    }

    [Fact]
    public async Task Refusals_OfAllButSome_LeaveWhatTheTargetTook()
    {
        var permits = await EnterAsync(64);
        foreach (var permit in permits[8..])
        {
            Leave(permit, AttemptKind.Refused);
        }

        Assert.Equal(8, pace.Limit);
        var next = EnterAsync();
        Assert.False(next.IsCompleted, "A target that takes eight at once got a ninth one.");
        Leave(permits[0], AttemptKind.Taken);
        Assert.Null((await next).Wait);
    }

    [Fact]
    public async Task Items_OverTheLimit_GetPermitsInTheOrderOfTheirArrival()
    {
        var permits = await EnterAsync(12);
        foreach (var permit in permits[1..])
        {
            Leave(permit, AttemptKind.Refused);
        }

        var first = EnterAsync();
        var second = EnterAsync();
        Leave(permits[0], AttemptKind.Taken);
        var given = await first;
        Assert.False(second.IsCompleted, "A target that takes one at once got a second one.");
        Leave(given, AttemptKind.Taken);
        Assert.Null((await second).Wait);
    }

    [Fact]
    public async Task Item_ThatWaitsInLineForLong_IsSentAwayForLonger()
    {
        var permits = await EnterAsync(12);
        foreach (var permit in permits[1..])
        {
            Leave(permit, AttemptKind.Refused);
        }

        var waiting = EnterAsync();
        time.Advance(RetryPlan.LongestHeldWait);
        var wait = (await waiting).Wait;
        Assert.True(wait > RetryPlan.LongestHeldWait, $"The item was sent away for {wait}.");
        Leave(permits[0], AttemptKind.Taken);
        Assert.Null((await EnterAsync()).Wait);
    }

    [Fact]
    public async Task Target_ThatTakesLessThanOneAtOnce_GetsPauses()
    {
        // Of 64 requests at once 2 are taken, in 0.1 s each: 2 per second, so a fifth of a request is in flight on average.
        var permits = await EnterAsync(64);
        for (int i = 0; i < permits.Length; i++)
        {
            Leave(permits[i], i < 2 ? AttemptKind.Taken : AttemptKind.Refused);
        }

        Assert.Equal(0.2, pace.Limit, tolerance: 0.001);
        Assert.InRange(pace.Held.TotalSeconds, 0.399, 0.401);
    }

    [Fact]
    public async Task Target_WhereNobodyAnswers_GetsOneRequestAtATimeAndAllOnceItIsBack()
    {
        await LeaveAllAsync(30, AttemptKind.Unanswered);
        Assert.Equal(double.PositiveInfinity, pace.Limit);
        var waiting = Enumerable.Range(0, 30).Select(_ => EnterAsync()).ToList();
        for (int probes = 0; probes < 10; probes++)
        {
            Assert.DoesNotContain(waiting, wait => wait.IsCompleted);

            // The clock counts since the year 1 in doubles, so it is exact to some microseconds only.
            time.Advance(TimeSpan.FromSeconds(0.76));
            var probe = await Task.WhenAny(waiting);
            waiting.Remove(probe);
            Leave(await probe, probes < 9 ? AttemptKind.Unanswered : AttemptKind.Taken);
        }

        Assert.All(await Task.WhenAll(waiting), permit => Assert.Null(permit.Wait));
    }

    [Fact]
    public async Task Target_WhereNobodyAnswersForLong_IsAskedForLessAndLessOften()
    {
        await LeaveAllAsync(30, AttemptKind.Unanswered);
        var waits = new List<TimeSpan>();
        for (int minutes = 0; minutes < 8; minutes++)
        {
            var probe = EnterAsync();
            var other = EnterAsync();
            time.Advance(TimeSpan.FromSeconds(1));
            var permit = await probe;
            time.Advance(RetryPlan.LongestHeldWait);
            waits.Add((await other).Wait!.Value);
            Leave(permit, AttemptKind.Unanswered);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.True(waits[0] < TimeSpan.FromSeconds(4), $"After 11 s without the target an item was sent away for {waits[0]}.");
        Assert.Equal(waits.Order(), waits);
        Assert.Equal(TimeSpan.FromSeconds(60.5), waits[^1]);
    }

    [Fact]
    public async Task RemainingRequests_OfAResponse_AreAllThatTheTargetGetsUntilTheReset()
    {
        var permits = await EnterAsync(4);
        Leave(permits[0], AttemptKind.Taken, limits: new AnnouncedLimit("requests", 5, TimeSpan.FromSeconds(2)));

        // Three of the five may be those in flight.
        var more = await EnterAsync(2);
        var next = EnterAsync();
        Assert.False(next.IsCompleted, "The target got a request more than it had left.");
        foreach (var (permit, left) in permits[1..].Concat(more).Zip([4, 3, 2, 1, 0]))
        {
            Leave(permit, AttemptKind.Taken, limits: new AnnouncedLimit("requests", left, TimeSpan.FromSeconds(2)));
        }

        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(next.IsCompleted, "The target got a request before its limit was reset.");
        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Null((await next).Wait);
    }

    [Fact]
    public async Task Limit_ThatIsUsedUpForLong_SendsAllItemsAwayUntilItsReset()
    {
        var permits = await EnterAsync(2);
        var used = new AnnouncedLimit("requests", 0, TimeSpan.FromMinutes(10));
        Leave(permits[0], AttemptKind.Taken, limits: used);
        Assert.Equal(600.5, (await EnterAsync()).Wait!.Value.TotalSeconds, tolerance: 0.01);
    }

    async Task LeaveAllAsync(int count, AttemptKind kind, TimeSpan? asked = null)
    {
        foreach (var permit in await EnterAsync(count))
        {
            Leave(permit, kind, asked);
        }
    }

    void Leave(TargetPermit permit, AttemptKind kind, TimeSpan? asked = null, params AnnouncedLimit[] limits) =>
        pace.Leave(permit, ResponseTime, new PaceSign(kind, asked, limits));

    Task<TargetPermit> EnterAsync() => pace.EnterAsync(left: null, TestContext.Current.CancellationToken);

    async Task<TargetPermit[]> EnterAsync(int count)
    {
        var permits = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => EnterAsync()));
        Assert.All(permits, permit => Assert.Null(permit.Wait));
        return permits;
    }
}
