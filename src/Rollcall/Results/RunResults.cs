using Rollcall.Storage;

namespace Rollcall.Results;

/// <summary>A batch's results as they stood at the end of a run: of each shard those that were written last.</summary>
public static class RunResults
{
    /// <summary>Opens a shard's results.</summary>
    /// <param name="store">Where the batch is.</param>
    /// <param name="batchId">The batch.</param>
    /// <param name="run">The run, from 1.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The result lines, or null where no run up to this one has written the shard.</returns>
    /// <exception cref="IOException">The store failed.</exception>
    public static async ValueTask<Stream?> OpenAsync(IBatchStore store, string batchId, int run, int shard, CancellationToken cancellationToken)
    {
        for (; run > 0; run--)
        {
            if (await store.OpenResultsAsync(batchId, run, shard, cancellationToken) is { } results)
            {
                return results;
            }
        }

        return null;
    }
}
