using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
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
        var departures = new DepartureLog();
        var marks = new SlotMarks(TimeSpan.FromMilliseconds(10));
        await using var target = Target.Start(Responses.Echo);
        using var one = await WarmAsync(target, departures, Rate, marks);
        using var other = await WarmAsync(target, departures, Rate, marks);
        await using var stalls = StallMeter.Start();

        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            for (int item = 0; item < 10; item++)
            {
                var result = await (lane % 2 == 0 ? one : other).TrySendAsync(target.Url, "{}"u8.ToArray(), item);
                TestSender.AssertSucceeded(result.Outcome);
            }
        }));

        var all = departures.All;
        Assert.Equal(Lanes * 10, all.Count);
        AssertRate(Rate, stalls, all);

        // What the machine keeps the senders waiting for is not made up for.
        double mean = all.Count / (all[^1] - all[0]).TotalSeconds;
        Assert.True(mean > Rate / 2.0, $"{mean} requests left a second; {Rate} are allowed.");
    }

    [Fact]
    public async Task Retries_OfItemsWithARate_TakeSlotsToo()
    {
        var departures = new DepartureLog();
        await using var target = Target.Start(Responses.With(500, ""));
        using var sender = await WarmAsync(target, departures, ratePerSecond: 20);
        sender.MaxAttempts = 5;
        await using var stalls = StallMeter.Start();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(lane => sender.TrySendAsync(target.Url, "{}"u8.ToArray(), lane)));
        Assert.Equal(50, departures.All.Count);
        AssertRate(20, stalls, departures.All);
    }

    [Fact]
    public async Task Redirects_ThatAreFollowed_TakeSlotsTooAndNoneOfTheTimeLimit()
    {
        var departures = new DepartureLog();
        await using var target = Target.Start((request, connection) =>
            (request.RequestLine.Contains("last", StringComparison.Ordinal)
                ? Responses.Echo
                : Responses.With(307, "", "Location: /last"))(request, connection));
        using var sender = await WarmAsync(target, departures, ratePerSecond: 5);
        (sender.FollowRedirects, sender.TimeoutSeconds) = (true, 1);
        await using var stalls = StallMeter.Start();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => sender.SendAsync(target.Url, "{}", index)));
        Assert.All(outcomes, TestSender.AssertSucceeded);
        Assert.Equal(16, departures.All.Count);
        AssertRate(5, stalls, departures.All);
    }

    [Fact]
    public async Task Items_WhoseSlotsAreFarAway_AreNotSentAndHoldNoActivity()
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender(new FakeTimeProvider(TestBatch.ManifestOf(1).CreatedAt)) { RatePerSecond = 0.001 };
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
        foreach (int place in new[] { 1, 2, 3 })
        {
            var result = await sender.TrySendAsync(target.Url, "{}"u8.ToArray());

            // Each is early for a slot of its own, by what a durable timer is not exact by.
            Assert.Equal((place * 1025) - 5, result.RetryAfter!.Value.TotalSeconds, tolerance: 0.01);
            Assert.Equal((0, null), (result.Outcome.Attempts, result.Outcome.Error));
        }

        Assert.Single(target.Requests);
    }

    [Fact]
    public async Task RetryAfter_ToldToOneItem_HoldsThatItemAlone()
    {
        var isRefused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var target = Target.StartSequence(
            async (request, connection) =>
            {
                await Responses.With(429, "", "Retry-After: 2")(request, connection);
                isRefused.SetResult();
            },
            Responses.Echo);
        using var sender = new TestSender { MaxWaitSeconds = 60 };
        var refused = sender.SendAsync(target.Url);
        await isRefused.Task;
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url, "{}", index: 1));
        Assert.False(refused.IsCompleted, "The item did not wait for as long as the target had asked.");

        var outcome = await refused;
        TestSender.AssertSucceeded(outcome);
        var history = outcome.AttemptHistory!;
        Assert.Equal([429, 200], history.Select(attempt => attempt.HttpStatus!.Value));
        Assert.InRange(history[1].At - history[0].At, TimeSpan.FromSeconds(1.9), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task RetryAfter_ToldToMostItems_HoldsEveryItemOfTheTarget()
    {
        // Half of the last twenty responses.
        const int Refused = 10;
        var arrivals = new ConcurrentQueue<DateTimeOffset>();
        await using var target = Target.StartSequence(
        [
            .. Enumerable.Repeat(Recorded(arrivals, Responses.With(503, "", "Retry-After: 2")), Refused),
            Recorded(arrivals, Responses.Echo),
        ]);
        using var sender = new TestSender();
        for (int index = 0; index < Refused; index++)
        {
            TestSender.AssertFailed(ItemErrorCode.HttpStatus, await sender.SendAsync(target.Url, "{}", index));
        }

        await Task.WhenAll(Enumerable.Range(20, 20).Select(index => sender.SendAsync(target.Url, "{}", index)));
        var all = arrivals.Order().ToList();
        Assert.Equal(Refused + 20, all.Count);
        Assert.All(
            all[Refused..],
            at => Assert.True(
                at - all[Refused - 1] >= TimeSpan.FromSeconds(1.9),
                $"A request came {at - all[Refused - 1]} after the target had asked for 2 s."));
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
            await (isTooMuch ? Responses.With(429, "") : Responses.Echo)(request, connection);
        });
        using var sender = new TestSender { MaxWaitSeconds = 600 };
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

    /// <summary>A sender that has its connection and its code ready, so that only its pace decides when it sends.</summary>
    static async Task<TestSender> WarmAsync(Target target, DepartureLog departures, double ratePerSecond, SlotMarks? marks = null)
    {
        var sender = new TestSender(
            client: departures.CreateClient(),
            slots: marks is null ? null : new SharedSlotLedger(marks, TimeProvider.System));
        await sender.SendAsync(target.Url);
        departures.Clear();
        sender.RatePerSecond = ratePerSecond;
        return sender;
    }

    static void AssertRate(double ratePerSecond, StallMeter stalls, IReadOnlyList<DateTimeOffset> departures)
    {
        int most = departures.Select((at, i) => departures.Skip(i).TakeWhile(other => other - at < TimeSpan.FromSeconds(1)).Count()).Max();
        Assert.True(most <= stalls.MostAt(ratePerSecond), $"{most} requests left in one second; {ratePerSecond} are allowed.");
    }
}
