using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Storage;

namespace Rollcall.Lifecycle;

/// <summary>Finds a batch's notices that are still due and that nothing is sending, and has them sent.</summary>
/// <param name="store">Where the batch is stored.</param>
sealed class DueNotices(IBatchStore store, TimeProvider time)
{
    /// <summary>Checks the notices of the runs that have ended.</summary>
    /// <param name="runs">The number of runs that have ended.</param>
    /// <returns>Whether a notice is still due, and what was done, if anything.</returns>
    public async Task<(bool AreDue, ReconciledBatch? Found)> ReconcileAsync(
        BatchManifest manifest,
        int runs,
        IBatchScheduler scheduler,
        CancellationToken cancellationToken)
    {
        if (manifest.OnCompleted is not { } whom)
        {
            return (false, null);
        }

        bool areDue = false;
        ReconciledBatch? found = null;
        for (int run = 1; run <= runs; run++)
        {
            // Looked up first: an orchestration that is seen to have ended has already recorded the outcome.
            var execution = await scheduler.FindNoticeAsync(manifest.Id, run, cancellationToken);
            if (await store.FindNoticeAsync(manifest.Id, run, cancellationToken) is not null)
            {
                continue;
            }

            if (execution is { IsTerminated: true })
            {
                var status = (execution.Status ?? NoticeStatus.NotSent(whom)).GivenUp(
                    "The notice's orchestration was terminated.",
                    time.GetUtcNow());
                await store.WriteNoticeAsync(manifest.Id, run, status, cancellationToken);
                continue;
            }

            areDue = true;
            if (execution is null or { HasEnded: true })
            {
                await scheduler.ScheduleNoticeAsync(NoticePlan.Of(manifest, run), cancellationToken);
                string reason = execution is null ? "it had no orchestration." : "its orchestration had failed.";
                found = new ReconciledBatch(manifest.Id, ReconcileAction.NoticeScheduled, reason);
            }
        }

        return (areDue, found);
    }
}
