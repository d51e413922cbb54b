using Rollcall.Batches;

namespace Rollcall.Storage;

/// <summary>A batch's results as they were at the end of a run: for each shard, the ones written last.</summary>
public static class RunResults
{
    /// <summary>The name of a shard's results in messages: the beginning of a sentence.</summary>
    /// <param name="run">The run, from 1.</param>
    public static string NameOf(string batchId, int run, int shard) => $"Shard {shard} of run {run} of batch '{batchId}'";

    /// <summary>Opens a shard's results.</summary>
    /// <param name="store">Where the batch is stored.</param>
    /// <param name="run">The run, from 1.</param>
    /// <param name="receipt">The run's receipt, whose hash the results must have; null if there is none yet.</param>
    /// <returns>The result lines, or null if the run is not sealed and no run up to it has written the shard.</returns>
    /// <exception cref="IOException">The store failed.</exception>
    /// <exception cref="DamagedDataException">
    /// The results are damaged, or those of a sealed run are missing. The stream throws the same.
    /// </exception>
    public static async ValueTask<Stream?> OpenAsync(
        IBatchStore store, string batchId, int run, int shard, Receipt? receipt, CancellationToken cancellationToken)
    {
        string? sha256 = receipt?.Shards[shard].Sha256;
        for (int from = run; from > 0; from--)
        {
            if (await store.OpenResultsAsync(batchId, from, shard, sha256, cancellationToken) is { } results)
            {
                return results;
            }
        }

        if (receipt is not null)
        {
            throw new DamagedDataException($"{NameOf(batchId, run, shard)} is damaged: its results are gone.");
        }

        return null;
    }
}
