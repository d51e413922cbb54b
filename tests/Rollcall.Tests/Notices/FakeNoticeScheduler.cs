using Rollcall.Batches;
using Rollcall.Orchestration;

namespace Rollcall.Tests.Notices;

/// <summary>A scheduler that has notices only: the test says how their orchestrations are. Every batch has ended.</summary>
sealed class FakeNoticeScheduler : IBatchScheduler
{
    public Dictionary<int, NoticeExecution> Executions { get; } = [];

    public List<NoticePlan> Scheduled { get; } = [];

    public BatchExecution Batch { get; set; } = new(BatchExecution.NoStatus, DateTimeOffset.UnixEpoch, Failure: null);

    public Task ScheduleAsync(BatchPlan plan, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("No batch is to be scheduled.");

    public Task RescheduleAsync(BatchPlan plan, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("No batch is to be scheduled.");

    public Task SignalAsync(BatchControl control, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("No batch is to be told of a change.");

    public Task<RecordsLeft> PurgeAsync(string batchId, int most, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("No batch is to be purged.");

    public Task<BatchExecution?> FindAsync(string batchId, CancellationToken cancellationToken) => Task.FromResult<BatchExecution?>(Batch);

    public Task ScheduleNoticeAsync(NoticePlan notice, CancellationToken cancellationToken)
    {
        Scheduled.Add(notice);
        Executions[notice.Run] = new NoticeExecution(Status: null, HasEnded: false, IsTerminated: false);
        return Task.CompletedTask;
    }

    public Task<NoticeExecution?> FindNoticeAsync(string batchId, int run, CancellationToken cancellationToken) =>
        Task.FromResult(Executions.GetValueOrDefault(run));
}
