using Rollcall.Tests.Building;

namespace Rollcall.Tests.Orchestration;

/// <summary>A rate is reached and held by a whole batch: its orchestrators, their messages and the store take their time too.</summary>
public sealed class BatchRateTests
{
    const int ManyLanes = 64;

    public static TheoryData<double, int, int> Hosts
    {
        get
        {
            var data = new TheoryData<double, int, int>();
            foreach (double latencyMs in new[] { 0, 30, 200 })
            {
                foreach (int lanes in new[] { 1, ManyLanes })
                {
                    data.Add(latencyMs, lanes, 1);
                    data.Add(latencyMs, lanes, 2);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Rate_OfABatchFromItsStart_IsReachedAndHeld(double latencyMs, int lanes, int instances) =>
        Require(RateOf(lanes), instances, new PacedBatch(RateOf(lanes), latencyMs, items: lanes == 1 ? 210 : 1050, concurrency: lanes));

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Rate_OfABatchThatWaitsLongForEachTurn_IsReachedToItsEnd(double latencyMs, int lanes, int instances) =>
        Require(0.5, instances, new PacedBatch(0.5, latencyMs, items: 160, concurrency: lanes));

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Rate_OfABatchWhoseLastShardIsLeft_IsReachedAndHeld(double latencyMs, int lanes, int instances)
    {
        // The second shard has one item. With half of the lanes the first one would not have enough.
        double rate = lanes == 1 ? 0.14 : 8;
        var batch = new PacedBatch(
            rate,
            latencyMs,
            items: 401,
            itemsPerShard: 400,
            concurrency: lanes)
        { ResponseTime = () => TimeSpan.FromSeconds(5) };
        Require(rate, instances, batch, from: TimeSpan.FromSeconds(16));
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Rate_OfARedriveOfOneShard_IsReachedAndHeld(double latencyMs, int lanes, int instances)
    {
        double rate = lanes == 1 ? 0.14 : 8;
        var batch = new PacedBatch(rate, latencyMs, items: 800, concurrency: lanes) { ResponseTime = () => TimeSpan.FromSeconds(5) };
        Require(rate, instances, batch, isSelected: index => index is >= 300 and < 381);
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Rate_OfARedriveOfAFewItemsOfEachShard_IsReachedAndHeld(double latencyMs, int lanes, int instances)
    {
        double rate = lanes == 1 ? 0.3 : 5;
        var batch = new PacedBatch(rate, latencyMs, items: 2000, concurrency: lanes);
        Require(rate, instances, batch, isSelected: index => index % 10 == 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void Rate_OfARedriveOfOneItemOfEachShard_IsReachedAndHeld(double latencyMs) =>
        Require(5, instances: 1, new PacedBatch(5, latencyMs, items: 8100), isSelected: index => index % 100 == 50);

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(200)]
    public void Concurrency_ThatIsChanged_IsInForceSoonAndTheRateReachedWhereItIsEnough(double latencyMs)
    {
        const double Rate = 8;
        var batch = new PacedBatch(Rate, latencyMs, items: 900, concurrency: 4) { ResponseTime = () => TimeSpan.FromSeconds(5) };
        batch.Start();
        var engine = new PacedEngine(batch);
        batch.Time.Run(async () =>
        {
            var running = engine.RunAsync();
            await batch.DelayAsync(30);
            Assert.InRange(batch.Departures.Count, 12, 30);
            engine.ChangeConcurrency(ManyLanes);
            await batch.DelayAsync(60);
            engine.ChangeConcurrency(3);
            await batch.DelayAsync(30);
            engine.ChangeConcurrency(ManyLanes);
            await running;
        });
        batch.RequireNoMoreThan(Rate);
        Assert.InRange(batch.Departures.Count(at => at.TotalSeconds is >= 40 and < 90), 0.9 * Rate * 50, Rate * 50);
        Assert.All(engine.Live, live => Assert.InRange(live.Items, 0, ManyLanes));
        Assert.All(
            engine.Live.Where(live => live.At.TotalSeconds is < 30 or (> 100 and < 120)),
            live => Assert.InRange(live.Items, 0, live.At.TotalSeconds < 30 ? 4 : 3));
        batch.RequireNoLessThan(Rate, from: TimeSpan.FromSeconds(130));
    }

    static double RateOf(int lanes) => lanes == 1 ? 0.5 : 10;

    static void Require(double rate, int instances, PacedBatch batch, Func<long, bool>? isSelected = null, TimeSpan? from = null)
    {
        for (int i = 0; i < instances; i++)
        {
            batch.Start();
        }

        var engine = new PacedEngine(batch, isSelected);
        batch.Time.Run(engine.RunAsync);
        Assert.Equal(
            Enumerable.Range(0, (int)batch.Manifest.ItemCount).Count(index => isSelected?.Invoke(index) ?? true),
            batch.Departures.Count);
        Assert.All(engine.Live, live => Assert.InRange(live.Items, 0, batch.Manifest.Options.Concurrency));
        batch.RequireNoMoreThan(rate);
        batch.RequireNoLessThan(rate, from ?? batch.Departures[0]);
    }
}
