using Rollcall.Batches;

namespace Rollcall.Orchestration;

/// <summary>Has batches run on a host's Durable Task engine. The id of a batch is the id of its orchestration.</summary>
public interface IBatchScheduler
{
    /// <summary>Schedules a batch's orchestration. Where there is one already, nothing is changed.</summary>
    /// <param name="run">The batch.</param>
    /// <param name="cancellationToken">Stops the scheduling.</param>
    /// <returns>A task that ends when the orchestration is durably scheduled.</returns>
    Task ScheduleAsync(BatchRun run, CancellationToken cancellationToken);

    /// <summary>Schedules a batch's orchestration in the place of one that has completed or failed. One that goes on, or was terminated, stays.</summary>
    /// <param name="run">The batch.</param>
    /// <param name="cancellationToken">Stops the scheduling.</param>
    /// <returns>A task that ends when the orchestration is durably scheduled.</returns>
    Task RescheduleAsync(BatchRun run, CancellationToken cancellationToken);

    /// <summary>Tells a batch's orchestration of a change. One that is not there, or has ended, is not told.</summary>
    /// <param name="control">The batch's control after the change.</param>
    /// <param name="cancellationToken">Stops the telling.</param>
    /// <returns>A task that ends when the orchestration is certain to be told.</returns>
    Task SignalAsync(BatchControl control, CancellationToken cancellationToken);

    /// <summary>
    /// Schedules the orchestration of a notice, also in the place of one that has completed or failed. One that goes on, or was terminated,
    /// stays.
    /// </summary>
    /// <param name="notice">The notice.</param>
    /// <param name="cancellationToken">Stops the scheduling.</param>
    /// <returns>A task that ends when the orchestration is durably scheduled.</returns>
    Task ScheduleNoticeAsync(NoticeRun notice, CancellationToken cancellationToken);

    /// <summary>Looks a notice's orchestration up.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="run">The run whose end it tells of, from 1.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    /// <returns>How it is, or null where the notice was never scheduled.</returns>
    Task<NoticeExecution?> FindNoticeAsync(string batchId, int run, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the engine's records of a batch: its orchestration's and those of its shards. What still goes on, such as a shard of a run that
    /// was lost, is ended first and removed by a later call.
    /// </summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="most">How many records to remove at the most, from 1.</param>
    /// <param name="cancellationToken">Stops the removing.</param>
    /// <returns>What is left.</returns>
    Task<RecordsLeft> PurgeAsync(string batchId, int most, CancellationToken cancellationToken);

    /// <summary>Looks a batch's orchestration up.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    /// <returns>How it is, or null where the batch was never scheduled.</returns>
    Task<BatchExecution?> FindAsync(string batchId, CancellationToken cancellationToken);
}
