using System.Text.Json;
using DurableTask.Core.Exceptions;
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
    static readonly OrchestrationRuntimeStatus[] Live = [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    /// <inheritdoc/>
    public Task ScheduleAsync(BatchRun run, CancellationToken cancellationToken) => ScheduleAsync(
        run,
        [.. Live, OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated],
        cancellationToken);

    /// <inheritdoc/>
    public Task RescheduleAsync(BatchRun run, CancellationToken cancellationToken) =>
        ScheduleAsync(run, [.. Live, OrchestrationRuntimeStatus.Terminated], cancellationToken);

    /// <inheritdoc/>
    public async Task<BatchExecution?> FindAsync(string batchId, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(batchId, getInputsAndOutputs: true, cancellationToken) is not { } state)
        {
            return null;
        }

        bool hasFailed = state.RuntimeStatus is OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
        return new BatchExecution(
            CountsOf(state.SerializedCustomStatus),
            state.IsCompleted ? state.LastUpdatedAt : null,
            hasFailed ? ReasonOf(state) : null,
            IsTerminated: state.RuntimeStatus is OrchestrationRuntimeStatus.Terminated);
    }

    // Until the orchestrator has counted something, it is nothing, or a null of JSON.
    static OutcomeCounts CountsOf(string? status) =>
        (status is { Length: > 0 } ? JsonSerializer.Deserialize(status, RollcallJson.Compact.OutcomeCounts) : null) ?? new OutcomeCounts();

    // On a storage account the reason is the output. A termination's is JSON, as its caller gave it.
    static string ReasonOf(OrchestrationMetadata state)
    {
        string? reason = state.FailureDetails?.ErrorMessage ?? state.SerializedOutput;
        return reason is { Length: > 0 } ? reason.Trim('"') : $"The orchestration ended as {state.RuntimeStatus}.";
    }

    async Task ScheduleAsync(BatchRun run, OrchestrationRuntimeStatus[] kept, CancellationToken cancellationToken)
    {
        try
        {
            var options = new StartOrchestrationOptions(run.BatchId).WithDedupeStatuses(kept);
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(BatchOrchestrator), run, options, cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // There is one that stays.
        }
    }
}
