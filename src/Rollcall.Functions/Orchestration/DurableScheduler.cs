using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Rollcall.Batches;
using Rollcall.Hosting;
using Rollcall.Orchestration;
using Rollcall.Serialization;

namespace Rollcall.Functions.Orchestration;

/// <summary>Has batches run by the Durable extension of the Functions host.</summary>
/// <param name="client">The client that a function was given.</param>
sealed class DurableScheduler(DurableTaskClient client) : IBatchScheduler
{
    /// <inheritdoc/>
    public Task ScheduleAsync(BatchRun run, CancellationToken cancellationToken) =>
        client.ScheduleNewOrchestrationInstanceAsync(nameof(BatchOrchestrator), run, new StartOrchestrationOptions(run.BatchId), cancellationToken);

    /// <inheritdoc/>
    public async Task<BatchExecution?> FindAsync(string batchId, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(batchId, getInputsAndOutputs: true, cancellationToken) is not { } state)
        {
            return null;
        }

        bool hasFailed = state.RuntimeStatus is OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
        return new BatchExecution(
            state.SerializedCustomStatus is { Length: > 0 } status ? JsonSerializer.Deserialize(status, RollcallJson.Compact.OutcomeCounts)! : new OutcomeCounts(),
            state.IsCompleted ? state.LastUpdatedAt : null,
            hasFailed ? state.FailureDetails?.ErrorMessage ?? $"The orchestration ended as {state.RuntimeStatus}." : null);
    }
}
