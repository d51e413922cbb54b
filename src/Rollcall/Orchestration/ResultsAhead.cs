using Rollcall.Batches;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>
/// Opens the results of a batch's shards one after the other, ahead of their reading: a store that is far away takes a while for each.
/// </summary>
/// <param name="store">Where the batch is.</param>
/// <param name="run">The run, from 1.</param>
/// <param name="earlier">The receipt of the run before; null where there is none.</param>
sealed class ResultsAhead(IBatchStore store, BatchManifest manifest, int run, Receipt? earlier) : IAsyncDisposable
{
    const int MostOpen = 32;

    readonly Queue<Task<ShardResults>> opening = new();
    int next;

    /// <summary>Opens those of the next shard, from the first on. The caller closes them.</summary>
    /// <exception cref="DamagedDataException">Those of an earlier run are damaged, which is sealed.</exception>
    public Task<ShardResults> OpenNextAsync()
    {
        while (opening.Count < MostOpen && next < manifest.ShardCount())
        {
            opening.Enqueue(OpenAsync(next++));
        }

        return opening.Dequeue();
    }

    /// <summary>Closes what was opened and is not read.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var task in opening)
        {
            // Nobody has asked what is in these.
            await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await (task.IsCompletedSuccessfully ? (await task).DisposeAsync() : ValueTask.CompletedTask);
        }
    }

    async Task<ShardResults> OpenAsync(int shard)
    {
        try
        {
            if (await store.OpenResultsAsync(manifest.Id, run, shard, sha256: null, CancellationToken.None) is { } results)
            {
                return new ShardResults(results);
            }
        }
        catch (Exception exception) when (exception is DamagedDataException or InvalidDataException)
        {
            return new ShardResults(Results: null, IsKept: false, exception.Message);
        }

        return run == 1
            ? new ShardResults(Results: null)
            : new ShardResults(
                await RunResults.OpenAsync(store, manifest.Id, run - 1, shard, earlier, CancellationToken.None),
                IsKept: true);
    }
}

/// <summary>A shard's results as a run has them.</summary>
/// <param name="Results">The lines; null where there are none.</param>
/// <param name="IsKept">Whether they are of an earlier run, because this one has written none.</param>
/// <param name="Damage">What is wrong with those that this run has written; null where they could be opened.</param>
sealed record ShardResults(Stream? Results, bool IsKept = false, string? Damage = null) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Results?.DisposeAsync() ?? ValueTask.CompletedTask;
}
