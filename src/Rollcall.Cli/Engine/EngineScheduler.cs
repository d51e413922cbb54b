using System.Text.Json;
using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.Query;
using Newtonsoft.Json.Linq;
using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Sqlite;

namespace Rollcall.Cli.Engine;

/// <summary>Runs batches on the embedded engine.</summary>
sealed class EngineScheduler(SqliteOrchestrationService service) : IBatchScheduler
{
    static readonly TimeSpan TerminationLimit = TimeSpan.FromSeconds(5);

    static readonly OrchestrationStatus[] LiveOrTerminated =
        [OrchestrationStatus.Pending, OrchestrationStatus.Running, OrchestrationStatus.Suspended, OrchestrationStatus.Terminated];

    readonly TaskHubClient client = new(service);

    /// <inheritdoc/>
    public Task ScheduleAsync(BatchPlan plan, CancellationToken cancellationToken) =>
        ScheduleAsync(plan, Enum.GetValues<OrchestrationStatus>());

    /// <inheritdoc/>
    public Task ScheduleNoticeAsync(NoticePlan notice, CancellationToken cancellationToken) =>
        ScheduleAsync(
            nameof(NoticeOrchestrator),
            notice.InstanceId,
            JsonSerializer.Serialize(notice, OrchestrationJson.Compact.NoticePlan),
            LiveOrTerminated);

    /// <inheritdoc/>
    public async Task<NoticeExecution?> FindNoticeAsync(string batchId, int run, CancellationToken cancellationToken) =>
        await client.GetOrchestrationStateAsync(NoticePlan.InstanceIdOf(batchId, run)) is { } state
            ? new NoticeExecution(
                NoticeExecution.ReadStatus(state.Status),
                state.OrchestrationStatus is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated,
                IsTerminated: state.OrchestrationStatus is OrchestrationStatus.Terminated)
            : null;

    /// <inheritdoc/>
    public Task RescheduleAsync(BatchPlan plan, CancellationToken cancellationToken) =>
        ScheduleAsync(plan, LiveOrTerminated);

    /// <inheritdoc/>
    public async Task SignalAsync(BatchControl control, CancellationToken cancellationToken)
    {
        // Raw, because the client would otherwise serialize the JSON text once more.
        var content = new JRaw(JsonSerializer.Serialize(control, BatchesJson.Compact.BatchControl));
        await client.RaiseEventAsync(new OrchestrationInstance { InstanceId = control.BatchId }, BatchOrchestrator.ControlEvent, content);
    }

    /// <inheritdoc/>
    public async Task<BatchExecution?> FindAsync(string batchId, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await client.GetOrchestrationStateAsync(batchId) is not { } state)
            {
                return null;
            }

            bool hasFailed = state.OrchestrationStatus is OrchestrationStatus.Failed or OrchestrationStatus.Terminated;
            bool hasEnded = hasFailed || state.OrchestrationStatus is OrchestrationStatus.Completed;
            var status = BatchExecution.ReadStatus(state.Status);
            var shards = hasEnded ? [] : await Task.WhenAll(status.Live.Select(id => client.GetOrchestrationStateAsync(id)));
            if (Array.IndexOf(shards, null) >= 0 && (await client.GetOrchestrationStateAsync(batchId))?.Status != state.Status)
            {
                // The batch takes over a shard's outcomes before the shard is purged, so by now they are in the batch's own counts.
                continue;
            }

            return new BatchExecution(
                BatchExecution.AddLive(status, shards.Select(shard => shard?.Status)),
                hasEnded ? state.CompletedTime : null,
                hasFailed
                    ? state.FailureDetails?.ErrorMessage ?? state.Output ?? $"The orchestration ended as {state.OrchestrationStatus}."
                    : null,
                IsTerminated: state.OrchestrationStatus is OrchestrationStatus.Terminated);
        }
    }

    /// <inheritdoc/>
    public async Task<RecordsLeft> PurgeAsync(string batchId, int most, CancellationToken cancellationToken)
    {
        // The batch's orchestration first, because a live one starts shards.
        if (await client.GetOrchestrationStateAsync(batchId) is { } batch && !await PurgeAsync(batch))
        {
            return RecordsLeft.Live;
        }

        var query = new OrchestrationQuery
        {
            InstanceIdPrefix = BatchPlan.InstancePrefixOf(batchId),
            PageSize = most,
            FetchInputsAndOutputs = false,
        };
        var shards = (await service.GetOrchestrationWithQueryAsync(query, cancellationToken)).OrchestrationState;
        bool isLive = (await Task.WhenAll(shards.Select(PurgeAsync))).Contains(false);
        if (isLive || shards.Count == most)
        {
            return isLive ? RecordsLeft.Live : RecordsLeft.Removable;
        }

        // Erased before the caller reports the batch as deleted: the records of its shards contain inline responses.
        await service.EraseRemovedAsync();
        return RecordsLeft.None;
    }

    async Task<bool> PurgeAsync(OrchestrationState state)
    {
        string id = state.OrchestrationInstance.InstanceId;
        if (await RemoveAsync(id))
        {
            return true;
        }

        // A waiting orchestration ends within one turn, so another call is seldom needed.
        await client.TerminateInstanceAsync(new OrchestrationInstance { InstanceId = id }, "The batch is being deleted.");
        await service.WaitForOrchestrationAsync(id, executionId: "", TerminationLimit, CancellationToken.None);
        return await RemoveAsync(id);
    }

    async Task<bool> RemoveAsync(string id) => (await service.PurgeInstanceStateAsync(id)).DeletedInstanceCount > 0;

    Task ScheduleAsync(BatchPlan plan, OrchestrationStatus[] kept) =>
        ScheduleAsync(nameof(BatchOrchestrator), plan.BatchId, JsonSerializer.Serialize(plan, OrchestrationJson.Compact.BatchPlan), kept);

    async Task ScheduleAsync(string orchestrator, string instanceId, string input, OrchestrationStatus[] kept)
    {
        try
        {
            // Raw, because the client would otherwise serialize the JSON text once more.
            await client.CreateOrchestrationInstanceAsync(orchestrator, "", instanceId, new JRaw(input), tags: null, kept);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // The existing one stays.
        }
    }
}
