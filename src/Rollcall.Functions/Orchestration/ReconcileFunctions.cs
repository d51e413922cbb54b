using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Rollcall.Lifecycle;

namespace Rollcall.Functions.Orchestration;

/// <summary>The timer trigger.</summary>
/// <param name="reconciler">Finds batches that have no live orchestration.</param>
sealed partial class ReconcileFunctions(
    Reconciler reconciler, Retention retention, InstanceRecords records, ILogger<ReconcileFunctions> logger)
{
    // Also at the start of every instance: most losses come from what restarts an app, and a pass without open batches is one request.
    [Function("ReconcileBatches")]
    public async Task ReconcileBatchesAsync(
        [TimerTrigger("0 */5 * * * *", RunOnStartup = true)] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var scheduler = new DurableScheduler(client, records);
        await foreach (var found in reconciler.ReconcileAsync(scheduler, cancellationToken))
        {
            Log(found);
        }

        await foreach (var purged in retention.PassAsync(scheduler, cancellationToken))
        {
            Log(purged.Error is null ? LogLevel.Information : LogLevel.Warning, purged);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Found}")]
    partial void Log(ReconciledBatch found);

    [LoggerMessage("{Purged}")]
    partial void Log(LogLevel level, PurgedBatch purged);
}
