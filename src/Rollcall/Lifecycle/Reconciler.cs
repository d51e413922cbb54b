using System.Runtime.CompilerServices;
using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Storage;
using Rollcall.Telemetry;

namespace Rollcall.Lifecycle;

/// <summary>
/// Finds batches that have not ended and that nothing is running, and makes them continue, or records why they cannot. Any number of
/// processes may do so at once: a batch has one orchestration at a time, and each repair and each failure is recorded once.
/// </summary>
/// <param name="store">Where the batches are stored.</param>
/// <param name="options">How much runs at once, and how often a batch is repaired.</param>
/// <param name="telemetry">Records what a pass finds.</param>
public sealed class Reconciler(
    IBatchStore store, IBatchCatalog catalog, TimeProvider time, RollcallOptions options, BatchTelemetry? telemetry = null)
{
    // The catalog entry is written when an intake has stored its last item, so a day is ample even for an intake that began long before.
    static readonly TimeSpan IntakeLimit = TimeSpan.FromDays(1);

    readonly DueNotices notices = new(store, time);
    readonly BrokenIntakes intakes = new(store, catalog, time);
    readonly BatchFinder finder = new(store, catalog);

    /// <summary>
    /// Checks every open batch, one after the other: a pass costs a few short reads per open batch, and none for ended ones.
    /// </summary>
    /// <returns>The batches that something was done about, as it is done. Usually there are none.</returns>
    public async IAsyncEnumerable<ReconciledBatch> ReconcileAsync(
        IBatchScheduler scheduler,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new OpenBatches(time.GetUtcNow());
        await foreach (var entry in catalog.ListOpenAsync(cancellationToken))
        {
            if (await TryReconcileAsync(entry, scheduler, seen, cancellationToken) is { } found)
            {
                yield return found;
            }
        }

        telemetry?.OpenBatchesSeen(seen);

        await foreach (var discarded in intakes.DiscardAsync(cancellationToken))
        {
            yield return discarded;
        }
    }

    /// <summary>Checks one batch.</summary>
    /// <returns>Whether the batch is still open, and what was done, if anything.</returns>
    public Task<(bool IsOpen, ReconciledBatch? Found)> ReconcileAsync(
        BatchManifest manifest, IBatchScheduler scheduler, CancellationToken cancellationToken) =>
        ReconcileAsync(manifest, scheduler, new OpenBatches(time.GetUtcNow()), cancellationToken);

    async Task<(bool IsOpen, ReconciledBatch? Found)> ReconcileAsync(
        BatchManifest manifest, IBatchScheduler scheduler, OpenBatches seen, CancellationToken cancellationToken)
    {
        // Looked up first: an orchestration that is seen to have ended has already written its receipt.
        var execution = await scheduler.FindAsync(manifest.Id, cancellationToken);
        if (execution is { EndedAt: null })
        {
            var changed = await SignalAsync(manifest, execution, scheduler, cancellationToken);
            seen.Add(OpenState.Of(manifest, changed ?? BatchControl.Of(manifest), time.GetUtcNow()), manifest.CreatedAt);
            return (true, null);
        }

        var control = await store.FindControlAsync(manifest.Id, cancellationToken) ?? BatchControl.Of(manifest);
        if (await store.FindReceiptAsync(manifest.Id, control.Run, cancellationToken) is not null
            || await store.FindFailureAsync(manifest.Id, control.Run, cancellationToken) is not null)
        {
            return await notices.ReconcileAsync(manifest, control.Run, scheduler, cancellationToken);
        }

        var result = await ContinueAsync(manifest, control, execution, scheduler, cancellationToken);
        if (result.Found?.Action != ReconcileAction.Failed)
        {
            seen.Add(OpenState.Of(manifest, control, time.GetUtcNow()), manifest.CreatedAt);
        }

        return result;
    }

    async Task<(bool IsOpen, ReconciledBatch? Found)> ContinueAsync(
        BatchManifest manifest,
        BatchControl control,
        BatchExecution? execution,
        IBatchScheduler scheduler,
        CancellationToken cancellationToken)
    {
        if (execution is null)
        {
            await scheduler.ScheduleAsync(Plan(manifest, control), cancellationToken);
            return (true, new ReconciledBatch(manifest.Id, ReconcileAction.Scheduled, "it had no orchestration."));
        }

        if (execution.Status.Run < control.Run)
        {
            // A redrive was accepted, but the process ended before it scheduled it.
            await scheduler.RescheduleAsync(Plan(manifest, control), cancellationToken);
            return (true, new ReconciledBatch(manifest.Id, ReconcileAction.Scheduled, "its redrive had no orchestration."));
        }

        return await EndOrRepairAsync(manifest, control, execution, scheduler, cancellationToken);
    }

    async Task<ReconciledBatch?> TryReconcileAsync(
        CatalogEntry entry, IBatchScheduler scheduler, OpenBatches seen, CancellationToken cancellationToken)
    {
        using var turn = await catalog.EnterAsync(entry.BatchId, cancellationToken);
        try
        {
            var (isOpen, found) = await ReconcileAsync(entry, scheduler, seen, cancellationToken);
            if (!isOpen)
            {
                await CloseAsync(entry, cancellationToken);
            }

            return found;
        }
        catch (DamagedBatchException exception)
        {
            return await EndDamagedAsync(entry, exception, scheduler, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A broken batch must not prevent the others from being checked.
            return new ReconciledBatch(entry.BatchId, ReconcileAction.Skipped, exception.Message);
        }
    }

    // The damage may be in the very record of how it ended. It is checked again when somebody starts the batch again, and by retention.
    async Task<ReconciledBatch> EndDamagedAsync(
        CatalogEntry entry, DamagedBatchException exception, IBatchScheduler scheduler, CancellationToken cancellationToken)
    {
        if (await scheduler.FindAsync(entry.BatchId, cancellationToken) is { EndedAt: null })
        {
            return new ReconciledBatch(entry.BatchId, ReconcileAction.Skipped, exception.Message);
        }

        await catalog.CloseAsync(entry, new BatchEnd(EndKind.Failed, time.GetUtcNow()), cancellationToken);
        telemetry?.BatchEnded(EndKind.Failed);
        return new ReconciledBatch(entry.BatchId, ReconcileAction.Failed, exception.Message);
    }

    async Task CloseAsync(CatalogEntry entry, CancellationToken cancellationToken)
    {
        var manifest = await store.FindManifestAsync(entry.BatchId, cancellationToken);
        if (manifest?.CreatedAt == entry.CreatedAt && await store.FindEndAsync(manifest, cancellationToken) is { } end)
        {
            await catalog.CloseAsync(entry, end, cancellationToken);
            if (await store.FindEndAsync(manifest, cancellationToken) != end)
            {
                // It was redriven while it was being removed from the list.
                await catalog.ReopenAsync(entry, end, cancellationToken);
            }
        }
        else
        {
            // It belongs to no batch, and nobody would remove it from the list later.
            await catalog.RemoveAsync(entry, batchEnd: null, cancellationToken);
        }
    }

    async Task<(bool IsOpen, ReconciledBatch? Found)> ReconcileAsync(
        CatalogEntry entry, IBatchScheduler scheduler, OpenBatches seen, CancellationToken cancellationToken)
    {
        var manifest = await finder.FindAsync(entry.BatchId, scheduler, cancellationToken);
        if (manifest is null)
        {
            // An intake that is about to end, or an interrupted one, which its caller has to repeat.
            return (time.GetUtcNow() - entry.CreatedAt < IntakeLimit, null);
        }

        // An entry with another time than its batch belongs to a second caller, who was too late; the batch has its own entry.
        if (manifest.CreatedAt != entry.CreatedAt)
        {
            return (false, null);
        }

        bool isBeingDeleted = await catalog.FindDeletionAsync(manifest.Id, cancellationToken) is not null;
        return isBeingDeleted ? (true, null) : await ReconcileAsync(manifest, scheduler, seen, cancellationToken);
    }

    // A process may have ended between a change and its signal. Until the orchestration learns of the change, senders follow it anyway.
    async Task<BatchControl?> SignalAsync(
        BatchManifest manifest, BatchExecution execution, IBatchScheduler scheduler, CancellationToken cancellationToken)
    {
        var control = await store.FindControlAsync(manifest.Id, cancellationToken);
        if (control?.Version > execution.Status.ControlVersion)
        {
            await scheduler.SignalAsync(control, cancellationToken);
        }

        return control;
    }

    async Task<(bool IsOpen, ReconciledBatch? Found)> EndOrRepairAsync(
        BatchManifest manifest,
        BatchControl control,
        BatchExecution execution,
        IBatchScheduler scheduler,
        CancellationToken cancellationToken)
    {
        var endedAt = execution.EndedAt!.Value;
        string reason = execution.Failure ?? "The orchestration ended, and there is no receipt.";
        var last = await FindLastRepairAsync(control, cancellationToken);
        if (last?.FailedAt == endedAt)
        {
            // The process that recorded this repair ended before it scheduled it.
            await scheduler.RescheduleAsync(Plan(manifest, control), cancellationToken);
            return (true, new ReconciledBatch(manifest.Id, ReconcileAction.Repaired, reason));
        }

        int repairs = last?.Number ?? 0;
        if (execution.IsTerminated || repairs >= options.MaxRepairs)
        {
            string whole = repairs > 0 ? $"{reason} The batch was repaired {repairs} times before." : reason;
            await store.WriteFailureAsync(
                new BatchFailure(manifest.Id, control.Run, whole, endedAt, execution.Status.Tally.Counts),
                cancellationToken);
            telemetry?.BatchEnded(EndKind.Failed);
            var (areDue, _) = await notices.ReconcileAsync(manifest, control.Run, scheduler, cancellationToken);
            return (areDue, new ReconciledBatch(manifest.Id, ReconcileAction.Failed, whole));
        }

        if (!await store.WriteRepairAsync(new BatchRepair(manifest.Id, control.Run, repairs + 1, endedAt, reason), cancellationToken))
        {
            // Another process came first, and does it.
            return (true, null);
        }

        await scheduler.RescheduleAsync(Plan(manifest, control), cancellationToken);
        return (true, new ReconciledBatch(manifest.Id, ReconcileAction.Repaired, reason));
    }

    async Task<BatchRepair?> FindLastRepairAsync(BatchControl control, CancellationToken cancellationToken)
    {
        BatchRepair? last = null;
        for (int number = 1; await store.FindRepairAsync(control.BatchId, control.Run, number, cancellationToken) is { } repair; number++)
        {
            last = repair;
        }

        return last;
    }

    BatchPlan Plan(BatchManifest manifest, BatchControl control) => BatchPlan.Of(manifest, control, options.LiveItems).AsRepair();
}
