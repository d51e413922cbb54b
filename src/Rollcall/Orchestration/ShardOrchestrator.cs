using Microsoft.DurableTask;
using Rollcall.Items;

namespace Rollcall.Orchestration;

/// <summary>Fans out an activity per item, waits for all of them, and has their outcomes written in input order.</summary>
[DurableTask(nameof(ShardOrchestrator))]
public sealed class ShardOrchestrator : TaskOrchestrator<ShardRun, int>
{
    /// <inheritdoc/>
    public override async Task<int> RunAsync(TaskOrchestrationContext context, ShardRun input)
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, input.Items).Select(item => PostAsync(context, input, item)));
        return await context.CallActivityAsync<int>(
            nameof(WriteShard),
            new ShardOutcomes(input.BatchId, input.Shard, outcomes),
            PlatformRetry.Options);
    }

    static async Task<ItemOutcome> PostAsync(TaskOrchestrationContext context, ShardRun run, int item)
    {
        long index = run.FirstIndex + item;
        try
        {
            return await context.CallActivityAsync<ItemOutcome>(
                nameof(PostItem),
                new PostItemInput(run.BatchId, run.Shard, index),
                PlatformRetry.Options);
        }
        catch (TaskFailedException exception)
        {
            // The item keeps its place with an outcome that says what happened: a shard never ends with fewer outcomes than items.
            return ItemOutcome.PlatformFailure(index, exception.FailureDetails.ErrorMessage);
        }
    }
}
