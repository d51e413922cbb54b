using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Progress;
using Rollcall.Results;
using Rollcall.Storage;
using Rollcall.Telemetry;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="WriteUnsent"/>.</summary>
/// <param name="End">The shard after the last one.</param>
/// <param name="Stop">Why the items were not sent.</param>
public sealed record UnsentShards(string BatchId, int Start, int End, BatchStop Stop);

/// <summary>Writes the results of the shards that a stopped batch did not get to. Running it again changes nothing.</summary>
/// <param name="store">Where the batch is stored.</param>
/// <param name="progress">Records the shards, if one process runs the whole batch.</param>
/// <param name="telemetry">Records the outcomes that were written.</param>
[DurableTask(nameof(WriteUnsent))]
public sealed class WriteUnsent(
    IBatchStore store, BatchProgress? progress = null, BatchTelemetry? telemetry = null) : TaskActivity<UnsentShards, BatchTally>
{
    /// <inheritdoc/>
    public override async Task<BatchTally> RunAsync(TaskActivityContext context, UnsentShards input)
    {
        var manifest = await store.GetManifestAsync(input.BatchId);
        var whole = new BatchTally();
        for (int shard = input.Start; shard < input.End; shard++)
        {
            if (await IsWrittenAsync(input.BatchId, shard))
            {
                continue;
            }

            var outcomes = Enumerable.Range(0, manifest.ItemsIn(shard)).Select(
                i => input.Stop.OutcomeOf(manifest.FirstIndexOf(shard) + i, []));
            IReadOnlyList<ItemOutcome> written = [];
            await store.WriteResultsAsync(
                input.BatchId,
                run: 1,
                shard,
                async stream => written = await WriteLinesAsync(manifest, shard, outcomes, stream),
                CancellationToken.None);
            telemetry?.ItemsRecorded(written);
            var tally = new BatchTally();
            tally.AddAll(written);
            whole.Add(tally);
            progress?.ShardFound(shard, tally.Counts);
        }

        return whole;
    }

    async Task<bool> IsWrittenAsync(string batchId, int shard)
    {
        try
        {
            return await ShardTally.FindAsync(store, batchId, run: 1, shard) is not null;
        }
        catch (DamagedDataException)
        {
            // The responses are gone with it, and nothing is sent any more.
            await store.DeleteResultsAsync(batchId, run: 1, shard, CancellationToken.None);
            return false;
        }
    }

    async Task<IReadOnlyList<ItemOutcome>> WriteLinesAsync(
        BatchManifest manifest, int shard, IEnumerable<ItemOutcome> outcomes, Stream stream)
    {
        await using var lines = new ShardLines(store, manifest, shard, stream);
        foreach (var outcome in outcomes)
        {
            await lines.WriteAsync(outcome);
        }

        return lines.Written;
    }
}
