using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>Writes a shard's outcomes as result lines, in input order. Running it again changes nothing.</summary>
/// <param name="store">Where the batch is.</param>
/// <param name="progress">Told that the shard is written, where one process runs the whole batch.</param>
[DurableTask(nameof(WriteShard))]
public sealed class WriteShard(IBatchStore store, BatchProgress? progress = null) : TaskActivity<ShardOutcomes, OutcomeCounts>
{
    /// <inheritdoc/>
    public override async Task<OutcomeCounts> RunAsync(TaskActivityContext context, ShardOutcomes input)
    {
        var manifest = await store.GetManifestAsync(input.BatchId);
        RequireEveryItem(manifest, input);

        // A shard that has results was written by an earlier run of this activity, which may have deleted the bodies already.
        // What counts is what they say: a run of the batch that was taken for lost may have written them, with outcomes of its own.
        var results = await store.OpenResultsAsync(input.BatchId, input.Shard, CancellationToken.None);
        var counts = results is null ? CountsOf(input.Outcomes) : await ShardCounter.CountAsync(results);
        if (results is null)
        {
            await store.WriteResultsAsync(input.BatchId, input.Shard, stream => WriteLinesAsync(manifest, input, stream), CancellationToken.None);
        }

        await store.DeleteBodiesAsync(input.BatchId, input.Shard, CancellationToken.None);
        progress?.ShardWritten(input.Shard, input.Outcomes);
        return counts;
    }

    static OutcomeCounts CountsOf(IReadOnlyList<ItemOutcome> outcomes)
    {
        var counts = new OutcomeCounts();
        foreach (var outcome in outcomes)
        {
            counts.Add(outcome.Status, outcome.HttpStatus, outcome.Error?.Code);
        }

        return counts;
    }

    static void RequireEveryItem(BatchManifest manifest, ShardOutcomes input)
    {
        long first = manifest.FirstIndexOf(input.Shard);
        int items = manifest.ItemsIn(input.Shard);
        if (input.Outcomes.Count != items)
        {
            throw new InvalidOperationException($"Shard {input.Shard} has {items} items but {input.Outcomes.Count} outcomes.");
        }

        for (int i = 0; i < items; i++)
        {
            if (input.Outcomes[i].Index != first + i)
            {
                throw new InvalidOperationException(
                    $"Shard {input.Shard} has the outcome of item {input.Outcomes[i].Index} in the place of item {first + i}.");
            }
        }
    }

    async Task WriteLinesAsync(BatchManifest manifest, ShardOutcomes input, Stream stream)
    {
        await using var writer = new ResultWriter(stream);
        foreach (ItemOutcome outcome in input.Outcomes)
        {
            var item = await store.ReadItemAsync(manifest, outcome.Index, CancellationToken.None);
            if (outcome.Body?.StoredName is { } name)
            {
                await using var body = await store.OpenBodyAsync(input.BatchId, input.Shard, name, CancellationToken.None);
                await writer.WriteAsync(outcome, item.Id, body);
            }
            else
            {
                await writer.WriteAsync(outcome, item.Id, storedBody: null);
            }
        }
    }
}
