using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Api;

/// <summary>The batch <c>b</c> of a <see cref="TestApi"/>, from its start to its seal.</summary>
static class ApiBatch
{
    /// <summary>Starts the batch <c>b</c>, of shards of 100 items.</summary>
    public static async Task StartBatchAsync(this TestApi api, int items = 250)
    {
        string lines = string.Concat(Enumerable.Range(0, items).Select(i => $"{i}\n"));
        Assert.Equal(202, (await api.PostLinesAsync($"?to={TestApi.Url}&id=b", lines)).Status);
    }

    /// <summary>Writes shards of the batch <c>b</c>, in each of which items 7 and 8 failed.</summary>
    public static async Task WriteShardsAsync(this TestApi api, params int[] shards)
    {
        foreach (int shard in shards)
        {
            await api.WriteShardAsync(shard, i => (i % 100) switch
            {
                7 => TestOutcome.Failed(i, ItemErrorCode.Timeout),
                8 => TestOutcome.Failed(i, ItemErrorCode.Connect),
                _ => TestOutcome.Succeeded(i),
            });
        }
    }

    /// <summary>Writes what the second run of the batch <c>b</c> sends of its first shard: all of it that did not succeed.</summary>
    public static Task WriteRedrivenAsync(this TestApi api) => new WriteShard(api.Store).RunAsync(
        TestBatch.AnyContext,
        new ShardOutcomes("b", Run: 2, Shard: 0, [TestOutcome.Succeeded(7), TestOutcome.Succeeded(8)]));

    /// <summary>Writes a shard of the batch <c>b</c>.</summary>
    public static async Task WriteShardAsync(this TestApi api, int shard, Func<long, ItemOutcome> outcomeOf)
    {
        var manifest = (await api.Store.FindManifestAsync("b", TestContext.Current.CancellationToken))!;
        var outcomes = Enumerable.Range(0, manifest.ItemsIn(shard)).Select(i => outcomeOf(manifest.FirstIndexOf(shard) + i));
        await new WriteShard(api.Store).RunAsync(TestBatch.AnyContext, new ShardOutcomes("b", 1, shard, [.. outcomes]));
    }

    /// <summary>Seals the batch <c>b</c>.</summary>
    public static Task<SealResult> SealAsync(this TestApi api, int run = 1) =>
        new SealBatch(api.Store, api.Controls, api.Time).RunAsync(TestBatch.AnyContext, new BatchRunAddress("b", run));
}
