using Rollcall.Batches;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>
/// Opens the results of a batch's shards in order, ahead of their reading, because opening takes a while on a remote store.
/// </summary>
/// <param name="store">Where the batch is stored.</param>
/// <param name="run">The run, from 1.</param>
/// <param name="earlier">The receipt of the previous run; null if there is none.</param>
sealed class ResultsAhead(IBatchStore store, BatchManifest manifest, int run, Receipt? earlier) : IAsyncDisposable
{
    const int MostOpen = 32;

    readonly Queue<Task<ShardResults>> opening = new();
    int next;

    /// <summary>Opens the results of the next shard, starting with the first. The caller closes them.</summary>
    /// <exception cref="DamagedDataException">The results of an earlier, sealed run are damaged.</exception>
    public Task<ShardResults> OpenNextAsync()
    {
        while (opening.Count < MostOpen && next < manifest.ShardCount())
        {
            opening.Enqueue(OpenAsync(next++));
        }

        return opening.Dequeue();
    }

    /// <summary>Closes results that were opened but not read.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var task in opening)
        {
            // Nobody has asked for these, so their errors do not matter.
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

/// <summary>A shard's results in a run.</summary>
/// <param name="Results">The lines; null if there are none.</param>
/// <param name="IsKept">Whether they are from an earlier run because this one has written none.</param>
/// <param name="Damage">What is wrong with the results that this run has written; null if they could be opened.</param>
sealed record ShardResults(Stream? Results, bool IsKept = false, string? Damage = null) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Results?.DisposeAsync() ?? ValueTask.CompletedTask;
}
