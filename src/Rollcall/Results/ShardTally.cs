using Rollcall.Progress;
using Rollcall.Storage;

namespace Rollcall.Results;

/// <summary>Tallies the outcomes of a shard's stored results.</summary>
public static class ShardTally
{
    /// <summary>Tallies the results that a run has written.</summary>
    /// <param name="store">Where the batch is stored.</param>
    /// <param name="run">The run, from 1.</param>
    /// <returns>The tally; null if the run has not written the shard.</returns>
    /// <exception cref="DamagedDataException">The results are damaged.</exception>
    public static async Task<BatchTally?> FindAsync(IBatchStore store, string batchId, int run, int shard)
    {
        await using var results = await store.OpenResultsAsync(batchId, run, shard, sha256: null, CancellationToken.None);
        if (results is null)
        {
            return null;
        }

        var tally = new BatchTally();
        var reader = new ResultReader(results, []);
        while (await reader.ReadAsync(CancellationToken.None) is { } line)
        {
            tally.Add(line);
        }

        return tally;
    }
}
