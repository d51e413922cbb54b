using System.Text.Json.Serialization;
using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Progress;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="FindWritten"/>.</summary>
/// <param name="Run">The current run, from 1.</param>
/// <param name="End">The shard after the last one.</param>
public sealed record ShardRange(string BatchId, int Run, int Start, int End);

/// <summary>
/// Finds the shards that have nothing left to send: those whose results are written, so that a run that continues another one does not send
/// their items again, and those in which a redrive has nothing to send.
/// </summary>
/// <param name="store">Where the batch is stored.</param>
/// <param name="controls">Knows which items a redrive sends again.</param>
[DurableTask(nameof(FindWritten))]
public sealed class FindWritten(IBatchStore store, BatchControls controls) : TaskActivity<ShardRange, WrittenShards>
{
    /// <inheritdoc/>
    public override async Task<WrittenShards> RunAsync(TaskActivityContext context, ShardRange input)
    {
        var shards = new List<int>();
        var tally = new BatchTally();
        await foreach (int shard in store.ListResultsAsync(input.BatchId, input.Run, CancellationToken.None))
        {
            if (shard >= input.Start && shard < input.End && await FindWrittenAsync(input, shard) is { } written)
            {
                shards.Add(shard);
                tally.Add(written);
            }
        }

        return new WrittenShards(shards, tally, input.Run > 1 ? await AddDoneAsync(input, shards, tally) : null);
    }

    async Task<BatchTally?> FindWrittenAsync(ShardRange input, int shard)
    {
        try
        {
            return await ShardTally.FindAsync(store, input.BatchId, input.Run, shard);
        }
        catch (DamagedDataException)
        {
            // Damaged results do not count as recorded: the items are sent again, and the results are rewritten.
            return null;
        }
    }

    async Task<Dictionary<int, int>> AddDoneAsync(ShardRange input, List<int> shards, BatchTally tally)
    {
        var left = new Dictionary<int, int>();
        var control = await controls.ReadAsync(await store.GetManifestAsync(input.BatchId), CancellationToken.None);
        var earlier = await store.FindReceiptAsync(input.BatchId, input.Run - 1, CancellationToken.None);
        var written = shards.ToHashSet();
        for (int shard = input.Start; shard < input.End; shard++)
        {
            if (written.Contains(shard))
            {
                continue;
            }

            var (items, outcomes) = await ReadAsync(input, shard, earlier, control);
            if (items > 0)
            {
                left[shard] = items;
            }
            else
            {
                shards.Add(shard);
                tally.Add(outcomes);
            }
        }

        return left;
    }

    // Read to the end, because only there is it certain to be what the earlier run sealed.
    async Task<(int ItemsLeft, BatchTally Tally)> ReadAsync(ShardRange input, int shard, Receipt? earlier, BatchControl control)
    {
        await using var results = await RunResults.OpenAsync(store, input.BatchId, input.Run - 1, shard, earlier, CancellationToken.None)
            ?? throw new InvalidOperationException($"Shard {shard} of batch '{input.BatchId}' has no results before run {input.Run}.");
        var tally = new BatchTally();
        int left = 0;
        var reader = new ResultReader(results, []);
        while (await reader.ReadAsync(CancellationToken.None) is { } line)
        {
            left += SelectItems.IsSelected(line, control) ? 1 : 0;
            tally.Add(line);
        }

        return (left, tally);
    }
}

/// <summary>The output of <see cref="FindWritten"/>.</summary>
/// <param name="Shards">The shards that have nothing left to send.</param>
/// <param name="Tally">The outcomes in them.</param>
/// <param name="ItemsLeft">
/// For a redrive, how many items each of the other shards has to send, by shard; null if they have all of their items to send.
/// </param>
public sealed record WrittenShards(
    [property: JsonRequired] IReadOnlyList<int> Shards, BatchTally Tally, IReadOnlyDictionary<int, int>? ItemsLeft = null);
