using Microsoft.DurableTask;

namespace Rollcall.Orchestration;

/// <summary>
/// Runs a batch: a bounded number of shards at once, a next one as soon as one ends, and the seal when all have ended. It ends only
/// after every shard did, so nothing can cancel an item early.
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
        int next = input.NextShard;

        async Task RunLaneAsync()
        {
            while (next < end)
            {
                int shard = next++;
                long first = (long)shard * input.ItemsPerShard;
                var run = new ShardRun(input.BatchId, shard, first, (int)Math.Min(input.ItemsPerShard, input.ItemCount - first));
                await context.CallSubOrchestratorAsync(
                    nameof(ShardOrchestrator),
                    run,
                    new SubOrchestrationOptions(instanceId: $"{input.BatchId}.{shard}"));
            }
        }

        await Task.WhenAll(Enumerable.Range(0, input.Lanes).Select(_ => RunLaneAsync()));
        if (end < shards)
        {
            context.ContinueAsNew(input with { NextShard = end });
            return null;
        }

        return await context.CallActivityAsync<SealedBatch>(nameof(SealBatch), input.BatchId, PlatformRetry.Options);
    }
}
