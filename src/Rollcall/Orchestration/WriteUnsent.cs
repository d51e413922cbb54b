using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Progress;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>Writes the results of the shards that a batch which has stopped did not come to. Running it again changes nothing.</summary>
/// <param name="store">Where the batch is.</param>
/// <param name="progress">Told of them, where one process runs the whole batch.</param>
[DurableTask(nameof(WriteUnsent))]
public sealed class WriteUnsent(IBatchStore store, BatchProgress? progress = null) : TaskActivity<UnsentShards, BatchTally>
{
    /// <inheritdoc/>
    public override async Task<BatchTally> RunAsync(TaskActivityContext context, UnsentShards input)
    {
        var manifest = await store.GetManifestAsync(input.BatchId);
        var whole = new BatchTally();
        for (int shard = input.Start; shard < input.End; shard++)
        {
            if (await store.OpenResultsAsync(input.BatchId, run: 1, shard, CancellationToken.None) is { } written)
            {
                await written.DisposeAsync();
                continue;
            }

            var outcomes = Enumerable.Range(0, manifest.ItemsIn(shard)).Select(i => ItemOutcome.Stopped(manifest.FirstIndexOf(shard) + i, input.Stop, [])).ToList();
            await store.WriteResultsAsync(input.BatchId, run: 1, shard, stream => WriteLinesAsync(manifest, outcomes, stream), CancellationToken.None);
            var tally = new BatchTally();
            outcomes.ForEach(tally.Add);
            whole.Add(tally);
            progress?.ShardFound(shard, tally.Counts);
        }

        return whole;
    }

    async Task WriteLinesAsync(BatchManifest manifest, List<ItemOutcome> outcomes, Stream stream)
    {
        await using var writer = new ResultWriter(stream);
        foreach (var outcome in outcomes)
        {
            var item = await store.ReadItemAsync(manifest, outcome.Index, CancellationToken.None);
            await writer.WriteAsync(outcome, item.Id, storedBody: null);
        }
    }
}
