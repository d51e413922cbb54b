using System.Text.Json.Serialization;
using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Progress;
using Rollcall.Results;
using Rollcall.Storage;
using Rollcall.Telemetry;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="WriteShard"/>.</summary>
/// <param name="Run">The run that the outcomes belong to, from 1.</param>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="Outcomes">
/// The outcomes in input order: in the first run one for each of the shard's items, in a later one those of the items that it sent.
/// </param>
public sealed record ShardOutcomes(string BatchId, int Run, int Shard, IReadOnlyList<ItemOutcome> Outcomes);

/// <summary>
/// Writes a shard's outcomes as result lines, in input order, unless a response is no longer what was received. Outcomes of a later run
/// replace the earlier ones; lines of items that were not sent again stay. Running it again changes nothing.
/// </summary>
/// <param name="store">Where the batch is stored.</param>
/// <param name="progress">Records that the shard is written, if one process runs the whole batch.</param>
/// <param name="telemetry">Records the outcomes that were written.</param>
[DurableTask(nameof(WriteShard))]
public sealed class WriteShard(
    IBatchStore store, BatchProgress? progress = null, BatchTelemetry? telemetry = null) : TaskActivity<ShardOutcomes, WrittenShard>
{
    /// <inheritdoc/>
    public override async Task<WrittenShard> RunAsync(TaskActivityContext context, ShardOutcomes input)
    {
        var manifest = await store.GetManifestAsync(input.BatchId);
        RequireItems(manifest, input);

        // If a shard has results, an earlier run of this activity wrote them, and may have deleted the bodies already.
        if (await FindWrittenAsync(input) is not { } tally)
        {
            (tally, var lost) = await WriteAsync(manifest, input);
            if (lost.Count > 0)
            {
                return new WrittenShard(Tally: null, lost);
            }
        }

        await store.DeleteBodiesAsync(input.BatchId, input.Shard, CancellationToken.None);
        progress?.ShardWritten(input.Shard, input.Outcomes);
        return new WrittenShard(tally, []);
    }

    // The lines count: a run of the batch that was believed lost may have written them, with its own outcomes.
    async Task<BatchTally?> FindWrittenAsync(ShardOutcomes input)
    {
        try
        {
            return await ShardTally.FindAsync(store, input.BatchId, input.Run, input.Shard);
        }
        catch (DamagedDataException)
        {
            // They are written again from the outcomes, as far as those are still intact.
            await store.DeleteResultsAsync(input.BatchId, input.Run, input.Shard, CancellationToken.None);
            return null;
        }
    }

    async Task<(BatchTally Tally, IReadOnlyList<long> Lost)> WriteAsync(BatchManifest manifest, ShardOutcomes input)
    {
        IReadOnlyList<long> lost = [];
        IReadOnlyList<ItemOutcome> written = [];
        var tally = new BatchTally();
        try
        {
            await store.WriteResultsAsync(
                input.BatchId,
                input.Run,
                input.Shard,
                async stream =>
                {
                    await using var lines = new ShardLines(store, manifest, input.Shard, stream);
                    await WriteLinesAsync(lines, input, stream);
                    (lost, written) = (lines.Lost, lines.Written);
                    tally = new BatchTally();
                    tally.AddAll(lines.Written);
                    RequireNone(lost);
                },
                CancellationToken.None);
        }
        catch (DamagedDataException) when (lost.Count > 0)
        {
            return (tally, lost);
        }

        telemetry?.ItemsRecorded(written);
        return (input.Run == 1 ? tally : await ShardTally.FindAsync(store, input.BatchId, input.Run, input.Shard)
            ?? throw new InvalidOperationException($"Shard {input.Shard} has no results right after they were written."), []);
    }

    // If this throws, the store keeps nothing of what was written.
    static void RequireNone(IReadOnlyList<long> lost)
    {
        if (lost.Count > 0)
        {
            throw new DamagedDataException($"The stored bodies of {lost.Count} items are not what was received.");
        }
    }

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
                throw new InvalidOperationException(
                    $"Shard {input.Shard} has the outcome of item {outcome.Index} in the place of item {least}.");
            }

            least = outcome.Index + 1;
        }
    }

    async Task WriteLinesAsync(ShardLines lines, ShardOutcomes input, Stream stream)
    {
        if (input.Run == 1)
        {
            foreach (var outcome in input.Outcomes)
            {
                await lines.WriteAsync(outcome);
            }

            return;
        }

        await using var earlier = await RunResults.OpenAsync(
            store,
            input.BatchId,
            input.Run - 1,
            input.Shard,
            receipt: null,
            CancellationToken.None)
            ?? throw new InvalidOperationException(
                $"Shard {input.Shard} of batch '{input.BatchId}' has no results before run {input.Run}.");
        var reader = new ResultReader(earlier, []);
        var outcomes = new Queue<ItemOutcome>(input.Outcomes);
        bool IsKept(ResultLine line) => !outcomes.TryPeek(out var next) || line.Index != next.Index;
        while (await reader.CopyAsync(IsKept, stream, CancellationToken.None) is { } line)
        {
            if (!IsKept(line))
            {
                await lines.WriteAsync(outcomes.Dequeue());
            }
        }
    }
}

/// <summary>The output of <see cref="WriteShard"/>.</summary>
/// <param name="Tally">The outcomes of all of the shard's items; null if nothing was written.</param>
/// <param name="Lost">
/// The indexes, in order, of the items whose responses are missing or damaged, so that nothing could be written: they must be sent again.
/// </param>
public sealed record WrittenShard(BatchTally? Tally, [property: JsonRequired] IReadOnlyList<long> Lost);
