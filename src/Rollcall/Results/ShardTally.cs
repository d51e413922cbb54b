using Rollcall.Progress;

namespace Rollcall.Results;

/// <summary>Tallies the outcomes of a shard's stored results.</summary>
public static class ShardTally
{
    /// <summary>Tallies them.</summary>
    /// <param name="results">The result lines. The stream is closed.</param>
    /// <returns>The tally.</returns>
    /// <exception cref="InvalidDataException">A line is not a result line.</exception>
    public static async Task<BatchTally> ReadAsync(Stream results)
    {
        await using (results)
        {
            var tally = new BatchTally();
            var reader = new ResultReader(results, []);
            while (await reader.ReadAsync(CancellationToken.None) is { } line)
            {
                tally.Add(line);
            }

            return tally;
        }
    }
}
