using Rollcall.Batches;
using Rollcall.Orchestration;

namespace Rollcall.Tests.Building;

/// <summary>A scheduler that runs nothing: the test sets the state of the orchestrations.</summary>
sealed class FakeScheduler : IBatchScheduler
{
    readonly Lock gate = new();

    public Dictionary<string, BatchExecution> Executions { get; } = [];

    public List<BatchPlan> Scheduled { get; } = [];

    /// <summary>The notices that were scheduled.</summary>
    public List<NoticePlan> Notices { get; } = [];

    /// <summary>The exception that the next scheduling throws.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The number of lookups of an orchestration.</summary>
    public int Looks { get; set; }

    public Task ScheduleAsync(BatchPlan plan, CancellationToken cancellationToken) => ScheduleAsync(plan, _ => false);

    public Task RescheduleAsync(BatchPlan plan, CancellationToken cancellationToken) =>
        ScheduleAsync(plan, execution => execution is { EndedAt: not null, IsTerminated: false });

    /// <summary>The controls that orchestrations were informed of.</summary>
    public List<BatchControl> Signals { get; } = [];

    public Task SignalAsync(BatchControl control, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            Signals.Add(control);
        }

        return Task.CompletedTask;
    }

    public Task ScheduleNoticeAsync(NoticePlan notice, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            Notices.Add(notice);
            return Task.CompletedTask;
        }
    }

    public Task<NoticeExecution?> FindNoticeAsync(string batchId, int run, CancellationToken cancellationToken) =>
        Task.FromResult<NoticeExecution?>(null);

    public Task<BatchExecution?> FindAsync(string batchId, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            Looks++;
            return Task.FromResult(Executions.GetValueOrDefault(batchId));
        }
    }

    Task ScheduleAsync(BatchPlan plan, Func<BatchExecution, bool> isReplaced)
    {
        lock (gate)
        {
            if (Failure is { } failure)
            {
                return Task.FromException(failure);
            }

            if (!Executions.TryGetValue(plan.BatchId, out var execution) || isReplaced(execution))
            {
                Scheduled.Add(plan);
                Executions[plan.BatchId] = new BatchExecution(
                    BatchExecution.NoStatus with { Run = plan.Run, ControlVersion = plan.ControlVersion },
                    EndedAt: null,
                    Failure: null);
            }

            return Task.CompletedTask;
        }
    }

    /// <summary>Forgets an orchestration. A running one is ended first.</summary>
    public Task<RecordsLeft> PurgeAsync(string batchId, int most, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (Executions.TryGetValue(batchId, out var execution) && execution.EndedAt is null)
            {
                Executions[batchId] = execution with { EndedAt = DateTimeOffset.UnixEpoch, Failure = "terminated", IsTerminated = true };
                return Task.FromResult(RecordsLeft.Live);
            }

            Executions.Remove(batchId);
            return Task.FromResult(RecordsLeft.None);
        }
    }
}
