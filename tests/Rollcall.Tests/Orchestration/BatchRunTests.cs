using CsCheck;
using Rollcall.Batches;
using Rollcall.Control;
using Rollcall.Orchestration;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Orchestration;

public sealed class BatchRunTests
{
    [Fact]
    public void Plan_OfAnyBatch_HasAsManyItemsLiveAsAllowedAndNoMore()
    {
        Gen.Select(Gen.Int[1, 10_000], Gen.Int[1, 100_000], Gen.Int[1, 1000], Gen.Long[1, 100_000]).Sample((concurrency, live, itemsPerShard, items) =>
        {
            var run = Plan(items, itemsPerShard, concurrency, live);
            int[] windows = LaneShare.Split(run.ItemsAtOnce, run.ShardsAtOnce);
            Assert.All(windows, window => Assert.True(window >= 1, $"A lane of {run} has nothing to do."));
            Assert.Equal(Math.Min(concurrency, live), windows.Sum());
        });
    }

    [Theory]
    [InlineData(10_000, 64, 200, new[] { 32, 32 })]
    [InlineData(10_000, 1000, 200, new[] { 100, 100 })]
    [InlineData(10_000, 1, 200, new[] { 1 })]
    [InlineData(10_000, 5, 200, new[] { 3, 2 })]
    [InlineData(10_000, 250, 250, new[] { 84, 83, 83 })]
    [InlineData(100, 64, 200, new[] { 64 })]
    [InlineData(101, 64, 200, new[] { 32, 32 })]
    public void Plan_OfShardsOfAHundred_IsThis(long items, int concurrency, int live, int[] windows)
    {
        var run = Plan(items, 100, concurrency, live);
        Assert.Equal(windows, LaneShare.Split(run.ItemsAtOnce, run.ShardsAtOnce));
    }

    static BatchRun Plan(long items, int itemsPerShard, int concurrency, int live)
    {
        var manifest = TestBatch.ManifestOf(items, itemsPerShard) with { Options = new BatchOptions { Concurrency = concurrency } };
        return BatchRun.Plan(manifest, BatchControl.Of(manifest), live);
    }
}
