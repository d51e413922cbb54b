using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Rollcall.Batches;
using Rollcall.Orchestration;

namespace Rollcall.Functions.Orchestration;

/// <summary>Runs batches on the Durable extension of the Functions host.</summary>
/// <param name="client">The client that the function received.</param>
/// <param name="records">Repairs the engine's records that the client cannot read.</param>
sealed class DurableScheduler(DurableTaskClient client, InstanceRecords records) : IBatchScheduler
{
    const int PurgesAtOnce = 8;

    static readonly OrchestrationRuntimeStatus[] LiveOrTerminated =
        [
            OrchestrationRuntimeStatus.Pending,
            OrchestrationRuntimeStatus.Running,
            OrchestrationRuntimeStatus.Suspended,
            OrchestrationRuntimeStatus.Terminated,
        ];

    /// <inheritdoc/>
    public Task ScheduleAsync(BatchPlan plan, CancellationToken cancellationToken) => ScheduleAsync(
        plan,
        [.. LiveOrTerminated, OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed],
        cancellationToken);

    /// <inheritdoc/>
    public Task RescheduleAsync(BatchPlan plan, CancellationToken cancellationToken) =>
        ScheduleAsync(plan, LiveOrTerminated, cancellationToken);

    /// <inheritdoc/>
    public Task ScheduleNoticeAsync(NoticePlan notice, CancellationToken cancellationToken) =>
        ScheduleAsync(nameof(NoticeOrchestrator), notice.InstanceId, notice, LiveOrTerminated, cancellationToken);

    /// <inheritdoc/>
    public async Task<NoticeExecution?> FindNoticeAsync(string batchId, int run, CancellationToken cancellationToken) =>
        await ReadAsync(batchId, NoticePlan.InstanceIdOf(batchId, run), cancellationToken) is { } state
            ? new NoticeExecution(
                NoticeExecution.ReadStatus(state.SerializedCustomStatus),
                state.IsCompleted,
                IsTerminated: state.RuntimeStatus is OrchestrationRuntimeStatus.Terminated)
            : null;

    /// <inheritdoc/>
    public async Task SignalAsync(BatchControl control, CancellationToken cancellationToken)
    {
        try
        {
            await client.RaiseEventAsync(control.BatchId, BatchOrchestrator.ControlEvent, control, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The host refuses events for an orchestration that does not exist yet or has ended, with several different exceptions.
            if (await ReadAsync(control.BatchId, control.BatchId, cancellationToken) is { IsCompleted: false })
            {
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<RecordsLeft> PurgeAsync(string batchId, int most, CancellationToken cancellationToken)
    {
        // The batch's orchestration first, because a live one starts shards. On a storage account, a purge removes one instance without
        // its children.
        if (await ReadAsync(batchId, batchId, cancellationToken) is { } batch && !await PurgeAsync(batch, cancellationToken))
        {
            return RecordsLeft.Live;
        }

        var query = new OrchestrationQuery
        {
            InstanceIdPrefix = BatchPlan.InstancePrefixOf(batchId),
            PageSize = most,
            FetchInputsAndOutputs = false,
        };
        var shards = await records.ReadAsync(
            batchId,
            async () => await client.GetAllInstancesAsync(query).Take(most).ToListAsync(cancellationToken),
            cancellationToken);
        bool isLive = false;
        foreach (var some in shards.Chunk(PurgesAtOnce))
        {
            isLive |= (await Task.WhenAll(some.Select(shard => PurgeAsync(shard, cancellationToken)))).Contains(false);
        }

        if (isLive)
        {
            return RecordsLeft.Live;
        }

        return shards.Count == most ? RecordsLeft.Removable : RecordsLeft.None;
    }

    /// <inheritdoc/>
    public async Task<BatchExecution?> FindAsync(string batchId, CancellationToken cancellationToken)
    {
        if (await ReadAsync(batchId, batchId, cancellationToken) is not { } state)
        {
            return null;
        }

        bool hasFailed = state.RuntimeStatus is OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
        var status = BatchExecution.ReadStatus(state.SerializedCustomStatus);
        return new BatchExecution(
            state.IsCompleted ? status : await AddLiveAsync(batchId, status, cancellationToken),
            state.IsCompleted ? state.LastUpdatedAt : null,
            hasFailed ? ReasonOf(state) : null,
            IsTerminated: state.RuntimeStatus is OrchestrationRuntimeStatus.Terminated);
    }

    Task<OrchestrationMetadata?> ReadAsync(string batchId, string instanceId, CancellationToken cancellationToken) => records.ReadAsync(
        batchId,
        () => client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, cancellationToken),
        cancellationToken);

    async Task<bool> PurgeAsync(OrchestrationMetadata instance, CancellationToken cancellationToken)
    {
        if (!instance.IsCompleted)
        {
            await client.TerminateInstanceAsync(instance.InstanceId, "The batch is being deleted.", cancellationToken);
            return false;
        }

        await client.PurgeInstanceAsync(instance.InstanceId, cancellationToken);
        return true;
    }

    async Task<BatchRunStatus> AddLiveAsync(string batchId, BatchRunStatus status, CancellationToken cancellationToken)
    {
        var shards = await Task.WhenAll(status.Live.Select(id => ReadAsync(batchId, id, cancellationToken)));
        return BatchExecution.AddLive(status, shards.Select(shard => shard?.SerializedCustomStatus));
    }

    // On a storage account, the reason is the output. The reason of a termination is JSON.
    static string ReasonOf(OrchestrationMetadata state)
    {
        string? reason = state.FailureDetails?.ErrorMessage ?? state.SerializedOutput;
        return reason is { Length: > 0 } ? reason.Trim('"') : $"The orchestration ended as {state.RuntimeStatus}.";
    }

    Task ScheduleAsync(BatchPlan plan, OrchestrationRuntimeStatus[] kept, CancellationToken cancellationToken) =>
        ScheduleAsync(nameof(BatchOrchestrator), plan.BatchId, plan, kept, cancellationToken);

    async Task ScheduleAsync(
        string orchestrator, string instanceId, object input, OrchestrationRuntimeStatus[] kept, CancellationToken cancellationToken)
    {
        try
        {
            var options = new StartOrchestrationOptions(instanceId).WithDedupeStatuses(kept);
            await client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, options, cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // The existing one stays.
        }
    }
}
