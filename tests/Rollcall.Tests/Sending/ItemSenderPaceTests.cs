using System.Collections.Concurrent;
using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderPaceTests
{
    [Fact]
    public async Task Items_OfTwoProcessesWithARate_NeverExceedItByMoreThanFivePercent()
    {
        const int Rate = 100;
        const int Lanes = 40;
        await using var stalls = StallMeter.Start();
        var arrivals = new ConcurrentQueue<DateTimeOffset>();
        await using var target = Target.Start(Recorded(arrivals, Answers.Echo));
        using var one = new TestSender { RatePerSecond = Rate };
        using var other = new TestSender { RatePerSecond = Rate };

        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            for (int item = 0; item < 10; item++)
            {
                var result = await (lane % 2 == 0 ? one : other).TrySendAsync(target.Url, "{}"u8.ToArray(), item, lane: new SendLane(lane, Lanes));
                TestSender.AssertSucceeded(result.Outcome);
            }
        }));

        var (most, mean) = RateOf(arrivals);
        Assert.True(most <= stalls.MostAt(Rate), $"{most} requests came in one second; {Rate} are allowed.");
        Assert.True(mean > Rate / 5.0, $"{mean} requests came a second; {Rate} are allowed.");
    }

    [Fact]
    public async Task Retries_OfItemsWithARate_TakeSlotsToo()
    {
        var arrivals = new ConcurrentQueue<DateTimeOffset>();
        await using var target = Target.Start(Recorded(arrivals, Answers.With(500, "")));
        await using var stalls = StallMeter.Start();
        using var sender = new TestSender { RatePerSecond = 20, MaxAttempts = 5 };
        await Task.WhenAll(Enumerable.Range(0, 10).Select(lane => sender.TrySendAsync(target.Url, "{}"u8.ToArray(), lane, lane: new SendLane(lane, 10))));
        Assert.Equal(50, arrivals.Count);
        Assert.True(RateOf(arrivals).Most <= stalls.MostAt(20), $"{RateOf(arrivals).Most} requests came in one second; 20 are allowed.");
    }

    [Fact]
    public async Task Item_WhoseSlotIsFarAway_IsNotSentAndHoldsNoActivity()
    {
        await using var target = Target.Start(Answers.Echo);
        using var sender = new TestSender { RatePerSecond = 0.0001 };
        var result = await sender.TrySendAsync(target.Url, "{}"u8.ToArray(), lane: new SendLane(5, 10));
        Assert.InRange(result.RetryAfter!.Value.TotalSeconds, 10, 100_000);
        Assert.Equal((0, null), (result.Outcome.Attempts, result.Outcome.Error));
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task RetryAfter_ToldToOneItem_HoldsEveryItemOfTheTarget()
    {
        var arrivals = new ConcurrentQueue<DateTimeOffset>();
        await using var target = Target.StartSequence(Recorded(arrivals, Answers.With(503, "", "Retry-After: 2")), Recorded(arrivals, Answers.Echo));
        using var sender = new TestSender();
        TestSender.AssertFailed(ItemErrorCode.HttpStatus, await sender.SendAsync(target.Url));
        await Task.WhenAll(Enumerable.Range(1, 20).Select(async index => TestSender.AssertSucceeded(await sender.SendAsync(target.Url, "{}", index))));

        var all = arrivals.Order().ToList();
        Assert.Equal(21, all.Count);
        Assert.All(all[1..], at => Assert.True(at - all[0] >= TimeSpan.FromSeconds(1.9), $"A request came {at - all[0]} after the target had asked for 2 s."));
    }

    [Fact]
    public async Task Target_ThatRefusesMoreThanFour_GetsFewerAtOnceUntilAllSucceed()
    {
        int inFlight = 0;
        int refused = 0;
        await using var target = Target.Start(async (request, connection) =>
        {
            bool isTooMuch = Interlocked.Increment(ref inFlight) > 4;
            await Task.Delay(20);
            if (isTooMuch)
            {
                Interlocked.Increment(ref refused);
            }

            Interlocked.Decrement(ref inFlight);
            await (isTooMuch ? Answers.With(429, "") : Answers.Echo)(request, connection);
        });
        using var sender = new TestSender { MaxAttempts = 100 };
        const int Items = 400;
        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var index && index <= Items)
            {
                TestSender.AssertSucceeded(await sender.SendAsync(target.Url, "{}", index));
            }
        }));

        // Sixty-four at once against a target that takes four would be refused fifteen times for each that it takes.
        Assert.True(refused < Items, $"The target refused {refused} requests for {Items} that it took.");
    }

    static Behaviour Recorded(ConcurrentQueue<DateTimeOffset> arrivals, Behaviour behaviour) => (request, connection) =>
    {
        arrivals.Enqueue(DateTimeOffset.UtcNow);
        return behaviour(request, connection);
    };

    static (int Most, double Mean) RateOf(IReadOnlyCollection<DateTimeOffset> arrivals)
    {
        var all = arrivals.Order().ToList();
        int most = all.Select((at, i) => all.Skip(i).TakeWhile(other => other - at < TimeSpan.FromSeconds(1)).Count()).Max();
        return (most, (all.Count - 1) / (all[^1] - all[0]).TotalSeconds);
    }
}
