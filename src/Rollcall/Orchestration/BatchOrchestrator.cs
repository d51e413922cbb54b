using Microsoft.DurableTask;

namespace Rollcall.Orchestration;

/// <summary>
/// Runs a batch: a bounded number of shards at once, a next one as soon as one ends, and the seal when all have ended. It ends only
/// after every shard did, so nothing can cancel an item early. Its custom status is a <see cref="BatchRunStatus"/>.
/// </summary>
[DurableTask(nameof(BatchOrchestrator))]
public sealed class BatchOrchestrator : TaskOrchestrator<BatchRun, SealedBatch?>
{
    /// <summary>
    /// Shards in one generation. A generation ends with continue-as-new, which keeps the history of a batch of ten million items as
    /// short as that of one of a hundred thousand.
    /// </summary>
    public const int ShardsPerGeneration = 1000;

    /// <summary>The name of the event that tells of another version of the batch's control, which it carries.</summary>
    public const string ControlEvent = "control";

    /// <inheritdoc/>
    public override Task<SealedBatch?> RunAsync(TaskOrchestrationContext context, BatchRun input) => new BatchFanOut(context, input).RunAsync();
}
