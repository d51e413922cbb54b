using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>Finds the shards whose results are written, so that a run that takes up what another left does not send their items again.</summary>
/// <param name="store">Where the batch is.</param>
[DurableTask(nameof(FindWritten))]
public sealed class FindWritten(IBatchStore store) : TaskActivity<ShardRange, WrittenShards>
{
    /// <inheritdoc/>
    public override async Task<WrittenShards> RunAsync(TaskActivityContext context, ShardRange input)
    {
        var shards = new List<int>();
        var counts = new OutcomeCounts();
        await foreach (int shard in store.ListResultsAsync(input.BatchId, CancellationToken.None))
        {
            if (shard >= input.Start && shard < input.End && await store.OpenResultsAsync(input.BatchId, shard, CancellationToken.None) is { } results)
            {
                shards.Add(shard);
                counts.Add(await ShardCounter.CountAsync(results));
            }
        }

        return new WrittenShards(shards, counts);
    }
}
