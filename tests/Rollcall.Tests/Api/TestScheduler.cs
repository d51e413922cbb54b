using Rollcall.Hosting;
using Rollcall.Orchestration;

namespace Rollcall.Tests.Api;

/// <summary>A scheduler that runs nothing: the test says how the orchestrations are.</summary>
sealed class TestScheduler : IBatchScheduler
{
    public Dictionary<string, BatchExecution> Executions { get; } = [];

    public List<BatchRun> Scheduled { get; } = [];

    public Task ScheduleAsync(BatchRun run, CancellationToken cancellationToken)
    {
        Scheduled.Add(run);
        Executions.TryAdd(run.BatchId, new BatchExecution(new Rollcall.Batches.OutcomeCounts(), EndedAt: null, Failure: null));
        return Task.CompletedTask;
    }

    public Task RescheduleAsync(BatchRun run, CancellationToken cancellationToken)
    {
        if (Executions.TryGetValue(run.BatchId, out var execution) && execution is { EndedAt: not null, IsTerminated: false })
        {
            Executions.Remove(run.BatchId);
        }

        return ScheduleAsync(run, cancellationToken);
    }

    public Task<BatchExecution?> FindAsync(string batchId, CancellationToken cancellationToken) =>
        Task.FromResult(Executions.GetValueOrDefault(batchId));
}
