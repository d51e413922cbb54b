using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Progress;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>What earlier processes recorded of a run.</summary>
/// <param name="store">Where the batch is.</param>
/// <param name="control">Says which run it is, and which items it sends.</param>
sealed class RecordedOutcomes(IBatchStore store, BatchManifest manifest, BatchControl control)
{
    readonly int run = control.Run;

    /// <summary>Counts the recorded outcomes for the display.</summary>
    /// <param name="progress">Receives the counts.</param>
    /// <param name="stop">Stops the counting.</param>
    /// <returns>Whether everything was counted.</returns>
    public async Task<bool> CountAsync(BatchProgress progress, CancellationToken stop)
    {
        for (int shard = 0; shard < manifest.ShardCount() && !stop.IsCancellationRequested; shard++)
        {
            try
            {
                await CountAsync(progress, shard);
            }
            catch (DamagedDataException)
            {
                // The damage is found again when the batch is sealed. Items recorded by this run are then sent again; damage in an earlier
                // run is reported.
            }
        }

        return !stop.IsCancellationRequested;
    }

    /// <summary>A lower estimate of the recorded items, from the shards that exist, because their lines are not all counted.</summary>
    public async Task<long> EstimateAsync() => run == 1
        ? await store.ListResultsAsync(manifest.Id, run, CancellationToken.None).Select(shard => (long)manifest.ItemsIn(shard)).SumAsync()
        : (await store.FindReceiptAsync(manifest.Id, run - 1, CancellationToken.None))?.Counts.Succeeded ?? 0;

    async Task CountAsync(BatchProgress progress, int shard)
    {
        if (await ShardTally.FindAsync(store, manifest.Id, run, shard) is { } tally)
        {
            progress.ShardFound(shard, tally.Counts);
        }
        else if (await RunResults.OpenAsync(store, manifest.Id, run - 1, shard, receipt: null, CancellationToken.None) is { } earlier)
        {
            await CountKeptAsync(progress, earlier, shard);
        }
    }

    async Task CountKeptAsync(BatchProgress progress, Stream earlier, int shard)
    {
        var kept = new OutcomeCounts();
        await using (earlier)
        {
            var reader = new ResultReader(earlier, []);
            while (await reader.ReadAsync(CancellationToken.None) is { } line)
            {
                if (!SelectItems.IsSelected(line, control))
                {
                    kept.Add(line.Status, line.HttpStatus, line.ErrorCode);
                }
            }
        }

        if (kept.Total() == manifest.ItemsIn(shard))
        {
            progress.ShardFound(shard, kept);
        }
        else
        {
            progress.Kept(kept);
        }
    }
}
