using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Sending;

namespace Rollcall.Orchestration;

/// <summary>Fans out an activity per item, waits for all of them, and has their outcomes written in input order.</summary>
[DurableTask(nameof(ShardOrchestrator))]
public sealed class ShardOrchestrator : TaskOrchestrator<ShardRun, OutcomeCounts>
{
    /// <inheritdoc/>
    public override async Task<OutcomeCounts> RunAsync(TaskOrchestrationContext context, ShardRun input)
    {
        var outcomes = new ItemOutcome[input.Items];
        await Lanes.RunAsync(0, input.Items, input.ItemsAtOnce, async (item, lane) => outcomes[item] = await PostAsync(context, input, item, lane));
        return await context.CallActivityAsync<OutcomeCounts>(
            nameof(WriteShard),
            new ShardOutcomes(input.BatchId, input.Shard, outcomes),
            PlatformRetry.Options);
    }

    static async Task<ItemOutcome> PostAsync(TaskOrchestrationContext context, ShardRun run, int item, int lane)
    {
        var input = new PostItemInput(run.BatchId, run.Shard, run.FirstIndex + item, new SendLane(run.FirstLane + lane, run.Lanes));
        try
        {
            var result = await SendAsync(context, input);
            while (result.RetryAfterSeconds is { } seconds)
            {
                // A durable timer: a long wait, which the target or the batch's rate asks for, holds no activity's slot.
                await context.CreateTimer(TimeSpan.FromSeconds(seconds), CancellationToken.None);
                input = input with { Attempts = result.Outcome.AttemptHistory };
                result = await SendAsync(context, input);
            }

            return result.Outcome;
        }
        catch (TaskFailedException exception)
        {
            // The item keeps its place with an outcome that says what happened: a shard never ends with fewer outcomes than items.
            return ItemOutcome.PlatformFailure(input.Index, exception.FailureDetails.ErrorMessage);
        }
    }

    /// <summary>
    /// Has an item sent, and again where another item's result comes back. The platform knows an activity by its number in the order of this
    /// orchestrator's calls. A turn that is lost with its host can have put activities into the queue already, and the turn that takes its
    /// place may see results in another order and so give the same number to another item: then the lost turn's result answers it.
    /// </summary>
    static async Task<PostItemResult> SendAsync(TaskOrchestrationContext context, PostItemInput input)
    {
        PostItemResult result;
        do
        {
            result = await context.CallActivityAsync<PostItemResult>(nameof(PostItem), input, PlatformRetry.Options);
        }
        while (result.Outcome.Index != input.Index);
        return result;
    }
}
