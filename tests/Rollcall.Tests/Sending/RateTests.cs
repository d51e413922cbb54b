using CsCheck;
using Rollcall.Sending;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

/// <summary>A rate is reached to within a tenth if the target is fast enough, and no second has more than it.</summary>
public sealed class RateTests
{
    public static TheoryData<double, int, int, int> Hosts
    {
        get
        {
            var data = new TheoryData<double, int, int, int>();
            foreach (double latencyMs in new[] { 0, 30, 200 })
            {
                foreach (int rate in new[] { 2, 10, 50, 300 })
                {
                    data.Add(latencyMs, rate, 1, 1);
                    data.Add(latencyMs, rate, 64, 1);
                    data.Add(latencyMs, rate, 64, 2);
                }

                data.Add(latencyMs, 10, 2, 2);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Rate_WithASlowStoreAndAnyNumberOfLanesAndInstances_IsReachedAndHeld(double latencyMs, int rate, int lanes, int instances)
    {
        var batch = new PacedBatch(rate, latencyMs);
        for (int i = 0; i < instances; i++)
        {
            batch.Start();
        }

        // A lane that takes a while for an item can send no more than it has time for.
        batch.ResponseTime = () => TimeSpan.FromSeconds(0.5 / rate);
        batch.Time.Run(() => batch.SendAsync(20 * rate, lanes));
        Assert.Equal(20 * rate, batch.Departures.Count);
        batch.RequireNoMoreThan(rate);
        batch.RequireNoLessThan(rate);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(10, 64)]
    [InlineData(300, 64)]
    [InlineData(5000, 64)]
    public void Rate_OfOneProcess_IsReachedAndHeld(int rate, int lanes)
    {
        var batch = new PacedBatch(rate, isAlone: true) { ResponseTime = () => TimeSpan.FromSeconds(0.5 / rate) };
        batch.Start();
        batch.Time.Run(() => batch.SendAsync(10 * rate, lanes));
        batch.RequireNoMoreThan(rate);
        batch.RequireNoLessThan(rate);
    }

    [Fact]
    public void Rate_WithAnyLanesLatenciesResponseTimesClocksAndWaitsThatEndLate_IsNeverExceeded()
    {
        var cases = Gen.Select(
            Gen.Double[0.5, 200],
            Gen.Int[1, 40],
            Gen.Int[1, 3],
            Gen.Double[0, 300],
            Gen.Double[0, 2000],
            Gen.Int[0, 60],
            Gen.Int[0, int.MaxValue]);
        cases.Sample((rate, lanes, instances, latencyMs, responseMs, lateMs, seed) =>
        {
            var random = new Random(seed);
            var batch = new PacedBatch(
                rate,
                latencyMs)
            { ResponseTime = () => TimeSpan.FromMilliseconds(responseMs * random.NextDouble()) };
            batch.Time.Lateness = () => TimeSpan.FromMilliseconds(lateMs * random.NextDouble());
            for (int i = 0; i < instances; i++)
            {
                batch.Start();
            }

            batch.Time.Run(() => batch.SendAsync(Math.Max(10, (int)(5 * rate)), lanes));
            batch.RequireNoMoreThan(rate);
        }, iter: 60);
    }

    [Theory]
    [InlineData(true, -3600)]
    [InlineData(true, 3600)]
    [InlineData(false, -3600)]
    [InlineData(false, 3600)]
    [InlineData(false, -5)]
    public void Rate_WhenTheWallClockIsSet_NeitherStallsNorIsExceeded(bool isAlone, double seconds)
    {
        var batch = new PacedBatch(20, latencyMs: isAlone ? 0 : 30, isAlone);
        batch.Start(() => TimeSpan.FromSeconds(batch.Time.Elapsed < TimeSpan.FromSeconds(5) ? 0 : seconds));
        batch.Time.Run(() => batch.SendAsync(200, 8));
        batch.RequireNoMoreThan(20);
        batch.RequireNoLessThan(20);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rate_OfABatchWhoseProcessIsKilledAndStartedAgain_IsHeld(bool isAlone)
    {
        var batch = new PacedBatch(10, latencyMs: isAlone ? 0 : 30, isAlone);
        int first = batch.Start();
        batch.Time.Run(async () =>
        {
            var sending = batch.SendAsync(1000, 8, first);
            await batch.DelayAsync(3.05);
            batch.Kill(first);
            await batch.SendAsync(120, 8, batch.Start());
        });
        batch.RequireNoMoreThan(10);

        // Slots that were taken ahead are lost with their process.
        batch.RequireNoLessThan(10, from: TimeSpan.FromSeconds(5.5));
    }

    [Theory]
    [InlineData(0, 64)]
    [InlineData(200, 64)]
    [InlineData(30, 1)]
    public void Rate_ThatIsChanged_IsInForceWithinSecondsAndReached(double latencyMs, int lanes)
    {
        var batch = new PacedBatch(100, latencyMs);
        batch.Start();
        batch.Time.Run(async () =>
        {
            var sending = batch.SendAsync(900, lanes);
            await batch.DelayAsync(5);
            batch.Change(control => control.Bounded(control.Concurrency, ratePerSecond: 5));
            await batch.DelayAsync(10);
            batch.Change(control => control.Bounded(control.Concurrency, ratePerSecond: 100));
            await sending;
        });
        batch.RequireNoMoreThan(100);
        batch.RequireNoMoreThan(5, from: TimeSpan.FromSeconds(7), to: TimeSpan.FromSeconds(15));
        batch.RequireNoLessThan(100, from: TimeSpan.FromSeconds(17));
        Assert.InRange(batch.Departures.Count(at => at.TotalSeconds is >= 7 and < 15), 36, 40);
    }

    [Fact]
    public void Pause_OfABatchWithARate_HoldsAllAndTheRateIsHeldAfterIt()
    {
        var batch = new PacedBatch(20, latencyMs: 30);
        batch.Start();
        batch.Start();
        batch.Time.Run(async () =>
        {
            var sending = batch.SendAsync(200, 16);
            await batch.DelayAsync(3);
            batch.Change(control => control.Paused(isPaused: true));
            await batch.DelayAsync(10);
            batch.Change(control => control.Paused(isPaused: false));
            await sending;
        });
        batch.RequireNoMoreThan(20);
        Assert.DoesNotContain(batch.Departures, at => at.TotalSeconds is > 5 and < 13);
        batch.RequireNoLessThan(20, from: TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void ResetOfAUsedUpLimit_OfABatchWithARate_HoldsItAndTheRateIsHeldAfterIt()
    {
        var batch = new PacedBatch(20, latencyMs: 30);
        int only = batch.Start();
        batch.Time.Run(async () =>
        {
            var sending = batch.SendAsync(200, 8);
            await batch.DelayAsync(3);
            var used = new AnnouncedLimit("requests", 0, TimeSpan.FromSeconds(5));
            batch.PaceOf(only).Leave(
                await batch.PaceOf(only).EnterAsync(), TimeSpan.Zero, new PaceSign(AttemptKind.Refused, Asked: null, [used]));
            await sending;
        });
        batch.RequireNoMoreThan(20);
        Assert.DoesNotContain(batch.Departures, at => at.TotalSeconds is > 3 and < 8);
        Assert.Equal(200, batch.Departures.Count);
    }

    [Fact]
    public void Rate_OfABatchAtItsEnd_IsReachedByTheInstanceThatHasItemsLeft()
    {
        var batch = new PacedBatch(10, latencyMs: 30);
        int one = batch.Start();
        int other = batch.Start();
        batch.Time.Run(async () =>
        {
            await Task.WhenAll(batch.SendAsync(50, 8, one), batch.SendAsync(50, 8, other));
            await batch.SendAsync(81, 2, other);
        });
        batch.RequireNoMoreThan(10);
        batch.RequireNoLessThan(10);
    }

    [Fact]
    public void Rate_OnAMachineOnWhichEveryWaitEndsLate_IsLowerAndNotExceeded()
    {
        var random = new Random(1);
        var batch = new PacedBatch(20, isAlone: true);
        batch.Time.Lateness = () => TimeSpan.FromMilliseconds(100 + (100 * random.NextDouble()));
        batch.Start();
        batch.Time.Run(() => batch.SendAsync(200, 16));
        batch.RequireNoMoreThan(20);
        batch.RequireNoLessThan(12);
    }

    [Fact]
    public void Slots_OfABatchOnTwoInstances_CostTheStoreAFewRequestsASecond()
    {
        var batch = new PacedBatch(50, latencyMs: 30);
        batch.Start();
        batch.Start();
        batch.Time.Run(() => batch.SendAsync(1000, 64));
        double perSecond = batch.SlotRequests / batch.Time.Elapsed.TotalSeconds;
        Assert.True(perSecond < 12, $"{perSecond:F1} requests a second went to the store.");
    }
}
