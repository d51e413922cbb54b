using CsCheck;
using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Orchestration;

public sealed class BatchPlanTests
{
    [Fact]
    public void Plan_OfAnyBatch_HasAsManyItemsLiveAsAllowedAndNoMore()
    {
        Gen.Select(
            Gen.Int[1, 10_000],
            Gen.Int[1, 100_000],
            Gen.Int[1, 1000],
            Gen.Long[1, 100_000]).Sample((concurrency, live, itemsPerShard, items) =>
        {
            var run = Plan(items, itemsPerShard, concurrency, live);
            int[] windows = WindowsOf(run);
            Assert.All(windows, window => Assert.True(window >= 1, $"A lane of {run} has nothing to do."));
            Assert.Equal(Math.Min(Math.Min(concurrency, live), run.ShardsAtOnce * itemsPerShard), windows.Sum());
        });
    }

    [Theory]
    [InlineData(10_000, 64, 200, new[] { 26, 21, 17 })]
    [InlineData(10_000, 1000, 200, new[] { 80, 67, 53 })]
    [InlineData(10_000, 1, 200, new[] { 1 })]
    [InlineData(10_000, 5, 200, new[] { 2, 2, 1 })]
    [InlineData(10_000, 250, 250, new[] { 100, 83, 67 })]
    [InlineData(100, 64, 200, new[] { 64 })]
    [InlineData(101, 64, 200, new[] { 37, 27 })]
    public void Plan_OfShardsOfAHundred_IsThis(long items, int concurrency, int live, int[] windows)
    {
        var run = Plan(items, 100, concurrency, live);
        Assert.Equal(windows, WindowsOf(run));
    }

    static int[] WindowsOf(BatchPlan plan) =>
        LaneShare.Deal(plan.ItemsAtOnce, new int[plan.ShardsAtOnce], [.. Enumerable.Repeat(plan.ItemsPerShard, plan.ShardsAtOnce)]);

    static BatchPlan Plan(long items, int itemsPerShard, int concurrency, int live)
    {
        var manifest = TestBatch.ManifestOf(items, itemsPerShard) with { Options = new BatchOptions { Concurrency = concurrency } };
        return BatchPlan.Of(manifest, BatchControl.Of(manifest), live);
    }
}
