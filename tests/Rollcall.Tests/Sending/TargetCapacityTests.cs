using Rollcall.Sending;

namespace Rollcall.Tests.Sending;

/// <summary>Targets of several kinds, in virtual time, and what is sent to them.</summary>
public sealed class TargetCapacityTests
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    readonly TargetCapacity capacity = new();
    readonly Random random = new(7);
    readonly List<Request> inFlight = [];
    readonly List<(TimeSpan At, bool IsRefused)> ended = [];
    bool hasOneMore;
    TimeSpan now = TimeSpan.FromSeconds(100);
    TimeSpan heldUntil;
    bool areMost;

    [Theory]
    [InlineData(20, 50)]
    [InlineData(50, 50)]
    [InlineData(5, 50)]
    [InlineData(200, 20)]
    [InlineData(50, 500)]
    public void Target_WithARate_RefusesFewAndIsUsed(double perSecond, int latencyMs)
    {
        double tokens = perSecond;
        Send(seconds: 60, concurrency: 64, TimeSpan.FromMilliseconds(latencyMs), refused: TimeSpan.FromMilliseconds(latencyMs), () =>
        {
            bool isTaken = tokens >= 1;
            tokens -= isTaken ? 1 : 0;
            return isTaken;
        }, () => tokens = Math.Min(perSecond, tokens + (perSecond * Step.TotalSeconds)));

        var (taken, share) = Since(20);
        Assert.True(share < 0.2, $"{share:P0} of the requests were refused, once the rate could be known.");
        Assert.True(taken > 0.8 * perSecond, $"{taken:F1} requests per second were taken, of {perSecond}.");
    }

    [Theory]
    [InlineData(8, 50)]
    [InlineData(8, 1000)]
    [InlineData(2, 200)]
    public void Target_WithRoomForAFew_RefusesFewAndIsUsed(int room, int latencyMs)
    {
        int busy = 0;
        var latency = TimeSpan.FromMilliseconds(latencyMs);
        Send(seconds: 120, concurrency: 64, latency, refused: Step, () => busy < room, () => busy = inFlight.Count(one => !one.IsRefused));

        var (taken, share) = Since(40);
        Assert.True(share < 0.2, $"{share:P0} of the requests were refused, once the room could be known.");
        Assert.True(
            taken > 0.75 * room / latency.TotalSeconds, $"{taken:F1} requests per second were taken, of {room / latency.TotalSeconds}.");
    }

    [Fact]
    public void Target_ThatRefusesByChance_HasNoLimitForMostOfTheTime()
    {
        var latency = TimeSpan.FromMilliseconds(50);
        Send(seconds: 120, concurrency: 64, latency, latency, () => random.NextDouble() > 0.3, () => { });
        double perSecond = ended.Count / 120.0;

        // Once it is known that there is none, what was in flight then does not bring back the limit.
        int known = capacity.Generation;
        Send(seconds: 60, concurrency: 64, latency, latency, () => random.NextDouble() > 0.3, () => { });
        Assert.Equal((double.PositiveInfinity, known), (capacity.Limit, capacity.Generation));
        Assert.True(perSecond > 0.8 * 64 / 0.05, $"{perSecond:F0} requests per second were sent, of {64 / 0.05}.");
    }

    [Fact]
    public void Target_ThatRefusesAFewByChance_HasNoLimit()
    {
        var latency = TimeSpan.FromMilliseconds(50);
        Send(seconds: 60, concurrency: 64, latency, latency, () => random.NextDouble() > 0.05, () => { });
        Assert.Equal((double.PositiveInfinity, 0), (capacity.Limit, capacity.Generation));
    }

    [Fact]
    public void Target_WhoseRateRises_GetsMoreWithinAMinute()
    {
        double perSecond = 10;
        double tokens = perSecond;
        var latency = TimeSpan.FromMilliseconds(50);
        Func<bool> take = () =>
        {
            bool isTaken = tokens >= 1;
            tokens -= isTaken ? 1 : 0;
            return isTaken;
        };
        Action step = () => tokens = Math.Min(perSecond, tokens + (perSecond * Step.TotalSeconds));
        Send(60, 64, latency, latency, take, step);
        perSecond = 500;
        Send(60, 64, latency, latency, take, step);
        var (taken, _) = Since(110);
        Assert.True(taken > 250, $"{taken:F0} requests per second were taken, of {perSecond}.");
    }

    [Fact]
    public void Shortage_OfThisMachine_HalvesWhatIsInFlightOnceForAllOfThem()
    {
        capacity.Halve(0, inFlight: 64, now);
        capacity.Halve(0, inFlight: 63, now);
        Assert.Equal((32, 1), (capacity.Limit, capacity.Generation));
        capacity.Halve(1, inFlight: 1, now);
        Assert.Equal(1, capacity.Limit);
    }

    /// <summary>Sends as much as the capacity allows.</summary>
    /// <param name="refused">How long a refusal takes.</param>
    /// <param name="take">Whether the target takes a request.</param>
    /// <param name="step">What the target does with time.</param>
    void Send(int seconds, int concurrency, TimeSpan latency, TimeSpan refused, Func<bool> take, Action step)
    {
        var until = now + TimeSpan.FromSeconds(seconds);
        var recent = new RecentAttempts();
        for (; now < until; now += Step)
        {
            step();
            foreach (var one in inFlight.Where(one => one.Ends <= now).ToList())
            {
                inFlight.Remove(one);
                recent.Add(one.IsRefused ? AttemptKind.Refused : AttemptKind.Taken);
                areMost = recent.AreMostlyRefused;
                if (one.IsRefused)
                {
                    capacity.Refuse(one.Generation, areMost, inFlight.Count, now);
                }
                else
                {
                    capacity.Accept(one.Generation, latency, inFlight.Count, now);
                }

                var pause = now + capacity.PauseAfter(one.IsRefused ? refused : latency);
                heldUntil = pause > heldUntil ? pause : heldUntil;
                hasOneMore = random.NextDouble() < capacity.Limit - Math.Floor(capacity.Limit);
                ended.Add((now, one.IsRefused));
                step();
            }

            while (now >= heldUntil && inFlight.Count < concurrency && capacity.HasRoom(inFlight.Count, hasOneMore))
            {
                bool isTaken = take();
                inFlight.Add(new Request(capacity.Generation, now + (isTaken ? latency : refused), !isTaken));
                step();
            }
        }
    }

    (double TakenPerSecond, double RefusedShare) Since(int seconds)
    {
        var late = ended.Where(one => one.At >= TimeSpan.FromSeconds(100 + seconds)).ToList();
        double lasted = (now - TimeSpan.FromSeconds(100 + seconds)).TotalSeconds;
        return (late.Count(one => !one.IsRefused) / lasted, late.Count(one => one.IsRefused) / (double)late.Count);
    }

    sealed record Request(int Generation, TimeSpan Ends, bool IsRefused);
}
