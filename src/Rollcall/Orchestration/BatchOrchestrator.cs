using Microsoft.DurableTask;
using Rollcall.Batches;

namespace Rollcall.Orchestration;

/// <summary>
/// Runs a batch: a bounded number of shards at once, a next one as soon as one ends, and the seal when all have ended. It ends only
/// after every shard did, so nothing can cancel an item early. Its custom status is the count of all outcomes that are written.
/// </summary>
[DurableTask(nameof(BatchOrchestrator))]
public sealed class BatchOrchestrator : TaskOrchestrator<BatchRun, SealedBatch?>
{
    /// <summary>
    /// Shards in one generation. A generation ends with continue-as-new, which keeps the history of a batch of ten million items as
    /// short as that of one of a hundred thousand.
    /// </summary>
    public const int ShardsPerGeneration = 1000;

    /// <inheritdoc/>
    public override async Task<SealedBatch?> RunAsync(TaskOrchestrationContext context, BatchRun input)
    {
        int shards = (int)((input.ItemCount + input.ItemsPerShard - 1) / input.ItemsPerShard);
        int end = Math.Min(shards, input.NextShard + ShardsPerGeneration);
        var counts = new OutcomeCounts();
        counts.Add(input.Counts ?? new OutcomeCounts());
        var written = await FindWrittenAsync(context, input, end);
        counts.Add(written.Counts);
        var leftOut = written.Shards.ToHashSet();
        context.SetCustomStatus(counts);
        await Lanes.RunAsync(input.NextShard, end, input.ShardsAtOnce, async (shard, lane) =>
        {
            if (leftOut.Contains(shard))
            {
                return;
            }

            long first = (long)shard * input.ItemsPerShard;
            int items = (int)Math.Min(input.ItemsPerShard, input.ItemCount - first);
            var run = new ShardRun(input.BatchId, shard, first, items, input.ItemsAtOnceIn(lane), input.FirstLaneOf(lane), input.ItemsAtOnce);
            var options = new SubOrchestrationOptions(instanceId: input.InstanceIdOf(shard));
            counts.Add(await context.CallSubOrchestratorAsync<OutcomeCounts>(nameof(ShardOrchestrator), run, options));
            context.SetCustomStatus(counts);
        });

        if (end < shards)
        {
            context.ContinueAsNew(input with { NextShard = end, Counts = counts });
            return null;
        }

        return await context.CallActivityAsync<SealedBatch>(nameof(SealBatch), input.BatchId, PlatformRetry.Options);
    }

    // The first run of a batch has nothing to look for, and pays nothing.
    static Task<WrittenShards> FindWrittenAsync(TaskOrchestrationContext context, BatchRun run, int end) => run.Repair is null
        ? Task.FromResult(new WrittenShards([], new OutcomeCounts()))
        : context.CallActivityAsync<WrittenShards>(nameof(FindWritten), new ShardRange(run.BatchId, run.NextShard, end), PlatformRetry.Options);
}
