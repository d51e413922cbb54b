using System.Text.Json;
using Rollcall.Batches;

namespace Rollcall.Orchestration;

/// <summary>Runs batches on a host's Durable Task engine. The id of a batch is the id of its orchestration.</summary>
public interface IBatchScheduler
{
    /// <summary>Schedules a batch's orchestration. If there is one already, nothing changes.</summary>
    /// <returns>A task that completes when the orchestration is durably scheduled.</returns>
    Task ScheduleAsync(BatchPlan plan, CancellationToken cancellationToken);

    /// <summary>
    /// Schedules a batch's orchestration, replacing one that has completed or failed. One that is running or was terminated is left alone.
    /// </summary>
    /// <returns>A task that completes when the orchestration is durably scheduled.</returns>
    Task RescheduleAsync(BatchPlan plan, CancellationToken cancellationToken);

    /// <summary>Informs a batch's orchestration of a change. Does nothing if there is none or it has ended.</summary>
    /// <param name="control">The batch's control after the change.</param>
    /// <returns>A task that completes when delivery to the orchestration is certain.</returns>
    Task SignalAsync(BatchControl control, CancellationToken cancellationToken);

    /// <summary>
    /// Schedules the orchestration of a notice, replacing one that has completed or failed. One that is running or was terminated is left
    /// alone.
    /// </summary>
    /// <returns>A task that completes when the orchestration is durably scheduled.</returns>
    Task ScheduleNoticeAsync(NoticePlan notice, CancellationToken cancellationToken);

    /// <summary>Looks up a notice's orchestration.</summary>
    /// <param name="run">The run whose end the notice reports, from 1.</param>
    /// <returns>Its state, or null if the notice was never scheduled.</returns>
    Task<NoticeExecution?> FindNoticeAsync(string batchId, int run, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the engine's records of a batch: those of its orchestration and of its shards' orchestrations. Whatever still runs, such as
    /// a shard of a lost run, is ended first and removed by a later call.
    /// </summary>
    /// <param name="most">The maximum number of records to remove, from 1.</param>
    /// <returns>What is left.</returns>
    Task<RecordsLeft> PurgeAsync(string batchId, int most, CancellationToken cancellationToken);

    /// <summary>Looks up a batch's orchestration.</summary>
    /// <returns>Its state, or null if the batch was never scheduled.</returns>
    Task<BatchExecution?> FindAsync(string batchId, CancellationToken cancellationToken);
}

/// <summary>The state of a notice's orchestration.</summary>
/// <param name="Status">The status that it reports; null if it has not reported one yet.</param>
/// <param name="HasEnded">Whether it has ended, in whatever way.</param>
/// <param name="IsTerminated">Whether somebody terminated it on purpose.</param>
public sealed record NoticeExecution(NoticeStatus? Status, bool HasEnded, bool IsTerminated)
{
    /// <summary>
    /// Reads the custom status of a notice's orchestration. Until the orchestration sets one, it is missing or a JSON null.
    /// </summary>
    /// <returns>The status, or null.</returns>
    /// <exception cref="JsonException">The text is not such a status.</exception>
    public static NoticeStatus? ReadStatus(string? customStatus) =>
        customStatus is { Length: > 0 } ? JsonSerializer.Deserialize(customStatus, BatchesJson.Compact.NoticeStatus) : null;
}

/// <summary>What an engine still has of a batch after some of its records were removed.</summary>
public enum RecordsLeft
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Records that can be removed immediately.</summary>
    Removable,

    /// <summary>Something that is still running, and was told to end.</summary>
    Live,
}
