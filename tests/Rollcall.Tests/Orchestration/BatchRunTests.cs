using CsCheck;
using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Orchestration;

public sealed class BatchRunTests
{
    [Fact]
    public void Plan_OfAnyBatch_NeverHasMoreItemsLiveThanAllowedAndUsesMostOfIt()
    {
        Gen.Select(Gen.Int[1, 10_000], Gen.Int[1, 100_000], Gen.Int[1, 1000], Gen.Long[1, 1_000_000]).Sample((concurrency, live, itemsPerShard, items) =>
        {
            var manifest = TestBatch.ManifestOf(items, itemsPerShard) with { Options = new BatchOptions { Concurrency = concurrency } };
            var run = BatchRun.Plan(manifest, live);
            int atOnce = run.ShardsAtOnce * run.ItemsAtOnce;
            int allowed = Math.Min(concurrency, live);
            Assert.InRange(atOnce, 1, allowed);
            Assert.True(run.ItemsAtOnce <= itemsPerShard || run.ShardsAtOnce <= 2, $"{run} has shards that have not enough items.");

            // What is lost is the remainder of a division.
            Assert.True(allowed - atOnce < run.ShardsAtOnce, $"{run} uses {atOnce} of {allowed}.");
        });
    }

    [Theory]
    [InlineData(64, 200, 2, 32)]
    [InlineData(1000, 200, 2, 100)]
    [InlineData(1000, 1000, 10, 100)]
    [InlineData(1, 200, 1, 1)]
    [InlineData(3, 200, 2, 1)]
    public void Plan_OfShardsOfAHundred_IsThis(int concurrency, int live, int shards, int items)
    {
        var manifest = TestBatch.ManifestOf(10_000) with { Options = new BatchOptions { Concurrency = concurrency } };
        var run = BatchRun.Plan(manifest, live);
        Assert.Equal((shards, items), (run.ShardsAtOnce, run.ItemsAtOnce));
    }
}
