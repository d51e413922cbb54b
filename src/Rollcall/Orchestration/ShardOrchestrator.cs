using Microsoft.DurableTask;

namespace Rollcall.Orchestration;

/// <summary>
/// Fans out an activity per item, waits for all of them, and has their outcomes written in input order. Its custom status is the tally of
/// the outcomes that are there.
/// </summary>
[DurableTask(nameof(ShardOrchestrator))]
public sealed class ShardOrchestrator : TaskOrchestrator<ShardRun, ShardResult>
{
    /// <inheritdoc/>
    public override Task<ShardResult> RunAsync(TaskOrchestrationContext context, ShardRun input) => new ShardFanOut(context, input).RunAsync();
}
