using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Progress;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>
/// Writes a shard's outcomes as result lines, in input order. Those of a later run take the place of the earlier ones, whose lines stay
/// where they are. Running it again changes nothing.
/// </summary>
/// <param name="store">Where the batch is.</param>
/// <param name="progress">Told that the shard is written, where one process runs the whole batch.</param>
[DurableTask(nameof(WriteShard))]
public sealed class WriteShard(IBatchStore store, BatchProgress? progress = null) : TaskActivity<ShardOutcomes, BatchTally>
{
    /// <inheritdoc/>
    public override async Task<BatchTally> RunAsync(TaskActivityContext context, ShardOutcomes input)
    {
        var manifest = await store.GetManifestAsync(input.BatchId);
        RequireItems(manifest, input);

        // A shard that has results was written by an earlier run of this activity, which may have deleted the bodies already.
        var results = await store.OpenResultsAsync(input.BatchId, input.Run, input.Shard, CancellationToken.None);
        if (results is null)
        {
            await store.WriteResultsAsync(input.BatchId, input.Run, input.Shard, stream => WriteLinesAsync(manifest, input, stream), CancellationToken.None);
        }

        await store.DeleteBodiesAsync(input.BatchId, input.Shard, CancellationToken.None);
        progress?.ShardWritten(input.Shard, input.Outcomes);
        return results is null && input.Run == 1 ? TallyOf(input.Outcomes) : await ReadAsync(input, results);
    }

    static BatchTally TallyOf(IReadOnlyList<ItemOutcome> outcomes)
    {
        var tally = new BatchTally();
        foreach (var outcome in outcomes)
        {
            tally.Add(outcome);
        }

        return tally;
    }

    // What counts is what the lines say: a run of the batch that was taken for lost may have written them, with outcomes of its own.
    async Task<BatchTally> ReadAsync(ShardOutcomes input, Stream? results) =>
        await ShardTally.ReadAsync(results ?? await store.OpenResultsAsync(input.BatchId, input.Run, input.Shard, CancellationToken.None)
            ?? throw new InvalidOperationException($"Shard {input.Shard} has no results right after they were written."));

    static void RequireItems(BatchManifest manifest, ShardOutcomes input)
    {
        long first = manifest.FirstIndexOf(input.Shard);
        int items = manifest.ItemsIn(input.Shard);
        if (input.Run == 1 && input.Outcomes.Count != items)
        {
            throw new InvalidOperationException($"Shard {input.Shard} has {items} items but {input.Outcomes.Count} outcomes.");
        }

        long least = first;
        foreach (var outcome in input.Outcomes)
        {
            if (outcome.Index < least || outcome.Index >= first + items || (input.Run == 1 && outcome.Index != least))
            {
                throw new InvalidOperationException($"Shard {input.Shard} has the outcome of item {outcome.Index} in the place of item {least}.");
            }

            least = outcome.Index + 1;
        }
    }

    async Task WriteLinesAsync(BatchManifest manifest, ShardOutcomes input, Stream stream)
    {
        await using var writer = new ResultWriter(stream);
        if (input.Run == 1)
        {
            foreach (var outcome in input.Outcomes)
            {
                await WriteLineAsync(writer, manifest, input, outcome);
            }

            return;
        }

        await using var earlier = await RunResults.OpenAsync(store, input.BatchId, input.Run - 1, input.Shard, CancellationToken.None)
            ?? throw new InvalidOperationException($"Shard {input.Shard} of batch '{input.BatchId}' has no results before run {input.Run}.");
        var reader = new ResultReader(earlier, []);
        var outcomes = new Queue<ItemOutcome>(input.Outcomes);
        bool IsKept(ResultLine line) => !outcomes.TryPeek(out var next) || line.Index != next.Index;
        while (await reader.CopyAsync(IsKept, stream, CancellationToken.None) is { } line)
        {
            if (!IsKept(line))
            {
                await WriteLineAsync(writer, manifest, input, outcomes.Dequeue());
            }
        }
    }

    async Task WriteLineAsync(ResultWriter writer, BatchManifest manifest, ShardOutcomes input, ItemOutcome outcome)
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
