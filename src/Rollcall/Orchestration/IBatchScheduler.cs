using System.Text.Json;
using Rollcall.Batches;

namespace Rollcall.Orchestration;

/// <summary>Has batches run on a host's Durable Task engine. The id of a batch is the id of its orchestration.</summary>
public interface IBatchScheduler
{
    /// <summary>Schedules a batch's orchestration. Where there is one already, nothing is changed.</summary>
    /// <returns>A task that ends when the orchestration is durably scheduled.</returns>
    Task ScheduleAsync(BatchPlan plan, CancellationToken cancellationToken);

    /// <summary>
    /// Schedules a batch's orchestration in the place of one that has completed or failed. One that goes on, or was terminated, stays.
    /// </summary>
    /// <returns>A task that ends when the orchestration is durably scheduled.</returns>
    Task RescheduleAsync(BatchPlan plan, CancellationToken cancellationToken);

    /// <summary>Tells a batch's orchestration of a change. One that is not there, or has ended, is not told.</summary>
    /// <param name="control">The batch's control after the change.</param>
    /// <returns>A task that ends when the orchestration is certain to be told.</returns>
    Task SignalAsync(BatchControl control, CancellationToken cancellationToken);

    /// <summary>
    /// Schedules the orchestration of a notice, also in the place of one that has completed or failed. One that goes on, or was terminated,
    /// stays.
    /// </summary>
    /// <returns>A task that ends when the orchestration is durably scheduled.</returns>
    Task ScheduleNoticeAsync(NoticePlan notice, CancellationToken cancellationToken);

    /// <summary>Looks a notice's orchestration up.</summary>
    /// <param name="run">The run whose end it tells of, from 1.</param>
    /// <returns>How it is, or null where the notice was never scheduled.</returns>
    Task<NoticeExecution?> FindNoticeAsync(string batchId, int run, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the engine's records of a batch: its orchestration's and those of its shards. What still goes on, such as a shard of a run
    /// that was lost, is ended first and removed by a later call.
    /// </summary>
    /// <param name="most">How many records to remove at the most, from 1.</param>
    /// <returns>What is left.</returns>
    Task<RecordsLeft> PurgeAsync(string batchId, int most, CancellationToken cancellationToken);

    /// <summary>Looks a batch's orchestration up.</summary>
    /// <returns>How it is, or null where the batch was never scheduled.</returns>
    Task<BatchExecution?> FindAsync(string batchId, CancellationToken cancellationToken);
}

/// <summary>How a notice's orchestration is.</summary>
/// <param name="Status">What it says of itself; null where it has said nothing yet.</param>
/// <param name="HasEnded">Whether it has ended, in whatever way.</param>
/// <param name="IsTerminated">Whether somebody ended it on purpose.</param>
public sealed record NoticeExecution(NoticeStatus? Status, bool HasEnded, bool IsTerminated)
{
    /// <summary>
    /// Reads the custom status of a notice's orchestration, which is nothing, or a null of JSON, until it has said something.
    /// </summary>
    /// <returns>The status, or null.</returns>
    /// <exception cref="JsonException">It is of something else.</exception>
    public static NoticeStatus? ReadStatus(string? customStatus) =>
        customStatus is { Length: > 0 } ? JsonSerializer.Deserialize(customStatus, BatchesJson.Compact.NoticeStatus) : null;
}

/// <summary>What an engine has left of a batch after a part of its records was removed.</summary>
public enum RecordsLeft
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Records that can be removed at once.</summary>
    Removable,

    /// <summary>Something that goes on, and was told to end.</summary>
    Live,
}
