using System.Runtime.CompilerServices;
using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Storage;
using Rollcall.Telemetry;

namespace Rollcall.Lifecycle;

/// <summary>
/// Finds the batches that have not ended and that nothing runs, and has them go on, or records why they cannot. Any number of processes
/// may do so at once: a batch has one orchestration at a time, and each repair and each failure is recorded once.
/// </summary>
/// <param name="store">Where the batches are.</param>
/// <param name="options">How much runs at once, and how often a batch is repaired.</param>
/// <param name="telemetry">Told of what a pass sees.</param>
public sealed class Reconciler(
    IBatchStore store, IBatchCatalog catalog, TimeProvider time, RollcallOptions options, BatchTelemetry? telemetry = null)
{
    // The catalog's entry is written when an intake has stored its last item, so this is ample for one that began long before.
    static readonly TimeSpan IntakeLimit = TimeSpan.FromDays(1);

    readonly DueNotices notices = new(store, time);
    readonly BrokenIntakes intakes = new(store, catalog, time);
    readonly BatchFinder finder = new(store, catalog);

    /// <summary>
    /// Looks at every open batch, one after the other: a pass costs a few short reads for each, and none for those that have ended.
    /// </summary>
    /// <returns>The batches about which something was done, as it is done. Most often there are none.</returns>
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

    /// <summary>Looks at one batch.</summary>
    /// <returns>Whether the batch is still open, and what was done, where something was.</returns>
    public Task<(bool IsOpen, ReconciledBatch? Found)> ReconcileAsync(
        BatchManifest manifest, IBatchScheduler scheduler, CancellationToken cancellationToken) =>
        ReconcileAsync(manifest, scheduler, new OpenBatches(time.GetUtcNow()), cancellationToken);

    async Task<(bool IsOpen, ReconciledBatch? Found)> ReconcileAsync(
        BatchManifest manifest, IBatchScheduler scheduler, OpenBatches seen, CancellationToken cancellationToken)
    {
        // Asked for first: an orchestration that is seen to have ended has written its receipt before.
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
            // A redrive that was accepted, and whose process ended before it scheduled it.
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
            // One batch that is broken must not keep the others from being looked at.
            return new ReconciledBatch(entry.BatchId, ReconcileAction.Skipped, exception.Message);
        }
    }

    // What is damaged may be what would say how it ended. It is looked at again where somebody starts the batch again, and by retention.
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
                // It was redriven while it was taken from the list.
                await catalog.ReopenAsync(entry, end, cancellationToken);
            }
        }
        else
        {
            // Of no batch, and nobody would take it from the list later.
            await catalog.RemoveAsync(entry, batchEnd: null, cancellationToken);
        }
    }

    async Task<(bool IsOpen, ReconciledBatch? Found)> ReconcileAsync(
        CatalogEntry entry, IBatchScheduler scheduler, OpenBatches seen, CancellationToken cancellationToken)
    {
        var manifest = await finder.FindAsync(entry.BatchId, scheduler, cancellationToken);
        if (manifest is null)
        {
            // An intake that is about to end, or one that broke off, which its caller has to repeat.
            return (time.GetUtcNow() - entry.CreatedAt < IntakeLimit, null);
        }

        // An entry whose batch has another time is of a second caller, who came too late; the batch has an entry of its own.
        return manifest.CreatedAt != entry.CreatedAt ? (false, null)
            : await catalog.FindDeletionAsync(manifest.Id, cancellationToken) is not null ? (true, null)
            : await ReconcileAsync(manifest, scheduler, seen, cancellationToken);
    }

    // A process may have ended between a change and its telling. Until the orchestration knows, senders go by the change all the same.
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
            // Another process was first, and does it.
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
