using Rollcall.Batches;

namespace Rollcall.Results;

/// <summary>Counts the outcomes of a shard's stored results.</summary>
public static class ShardCounter
{
    /// <summary>Counts them.</summary>
    /// <param name="results">The result lines. The stream is closed.</param>
    /// <returns>The counts.</returns>
    /// <exception cref="InvalidDataException">A line is not a result line.</exception>
    public static async Task<OutcomeCounts> CountAsync(Stream results)
    {
        await using (results)
        {
            var counts = new OutcomeCounts();
            var reader = new ResultReader(results, []);
            while (await reader.ReadAsync(CancellationToken.None) is { } line)
            {
                counts.Add(line.Status, line.HttpStatus, line.ErrorCode);
            }

            return counts;
        }
    }
}
