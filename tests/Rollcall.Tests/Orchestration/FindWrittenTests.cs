using Rollcall.Orchestration;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Orchestration;

public sealed class FindWrittenTests
{
    [Fact]
    public async Task Shards_OfARange_AreThoseThatHaveResultsWithTheirCounts()
    {
        using var batch = await TestBatch.Of(11, itemsPerShard: 2);
        foreach (int shard in new[] { 0, 2, 5 })
        {
            await batch.WriteShardAsync(shard);
        }

        var written = await FindAsync(batch, 1, 6);

        Assert.Equal([2, 5], written.Shards);
        Assert.Equal(3, written.Tally.Counts.Succeeded);
        Assert.Equal([0], (await FindAsync(batch, 0, 2)).Shards);
    }

    [Fact]
    public async Task Shard_WhoseResultsAreDamaged_IsNotAmongThem()
    {
        using var batch = await TestBatch.Of(4, itemsPerShard: 2);
        await batch.WriteAllShardsAsync();
        await FileDamage.FlipAsync(batch.ResultsPath(0), at: 20);
        Assert.Equal([1], (await FindAsync(batch, 0, 2)).Shards);
    }

    [Fact]
    public async Task Shards_OfABatchWithoutResults_AreNone()
    {
        using var batch = await TestBatch.Of(3);
        var written = await FindAsync(batch, 0, 2);
        Assert.Empty(written.Shards);
        Assert.Equal(0, written.Tally.Counts.Total());
    }

    static Task<WrittenShards> FindAsync(TestBatch batch, int start, int end) =>
        new FindWritten(batch.Store, batch.Controls).RunAsync(TestBatch.AnyContext, new ShardRange(TestBatch.Id, Run: 1, start, end));
}
