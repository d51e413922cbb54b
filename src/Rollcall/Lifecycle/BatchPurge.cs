using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Storage;

namespace Rollcall.Lifecycle;

/// <summary>
/// Deletes an ended batch completely, in an order that is safe to interrupt: a note is written first and removed last, and the next pass
/// continues from it. It writes nothing else, so any number of processes may work on the same deletion.
/// </summary>
/// <param name="store">Where the batches are stored.</param>
/// <param name="catalog">Lists the batches, and notes which are being deleted.</param>
public sealed class BatchPurge(IBatchStore store, IBatchCatalog catalog, TimeProvider time)
{
    const int StepSize = 200;

    // Allows for a manifest that another process read right before it was deleted, and for clocks that differ a little.
    const int ManifestAges = 3;

    /// <summary>Begins to delete a batch that has ended. Once this returns, the deletion is certain, whatever happens.</summary>
    /// <param name="run">The run that has ended, from 1.</param>
    /// <param name="end">How and when it ended.</param>
    /// <returns>The note that <see cref="ContinueAsync"/> needs; null if the batch was redriven since and is running.</returns>
    /// <exception cref="IOException">The storage failed.</exception>
    public async Task<BatchDeletion?> BeginAsync(BatchManifest manifest, int run, BatchEnd end, CancellationToken cancellationToken)
    {
        var deletion = new BatchDeletion(manifest.Id, manifest.CreatedAt, end, Run: run);
        await catalog.WriteDeletionAsync(deletion, cancellationToken);
        return await DecideAsync(deletion, cancellationToken) ? deletion : null;
    }

    /// <summary>Begins to delete a damaged batch, whether it has ended or not.</summary>
    /// <param name="entry">Its entry in the catalog.</param>
    /// <param name="end">When it was found to be damaged.</param>
    /// <returns>The note that <see cref="ContinueAsync"/> needs.</returns>
    /// <exception cref="IOException">The storage failed.</exception>
    public async Task<BatchDeletion> BeginDamagedAsync(CatalogEntry entry, BatchEnd end, CancellationToken cancellationToken)
    {
        var deletion = new BatchDeletion(entry.BatchId, entry.CreatedAt, end);
        await catalog.WriteDeletionAsync(deletion, cancellationToken);

        // The batch itself cannot say when it ended.
        var all = catalog.ListEndedAsync(DateTimeOffset.MaxValue, cancellationToken);
        await foreach (var ended in all.Where(ended => ended.Entry.BatchId == entry.BatchId))
        {
            await catalog.ForgetEndAsync(ended, cancellationToken);
        }

        return deletion;
    }

    /// <summary>Continues a deletion for a limited time.</summary>
    /// <param name="scheduler">Has the engine's records of the batch.</param>
    /// <param name="limit">How long it may take; one step may exceed it.</param>
    /// <returns>Whether all of the batch is gone.</returns>
    /// <exception cref="IOException">The storage failed. What was deleted stays deleted.</exception>
    public async Task<bool> ContinueAsync(
        BatchDeletion deletion, IBatchScheduler scheduler, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (deletion.GoneAt is not null && !IsOver(deletion))
        {
            return true;
        }

        if (deletion.IsSwept)
        {
            // Nothing more is deleted once the id becomes free: another process may have freed it already, and a new batch may have it.
            await catalog.RemoveDeletionAsync(deletion.BatchId, cancellationToken);
            return true;
        }

        await EndIntakesAsync(deletion.BatchId, cancellationToken);
        if (!await DecideAsync(deletion, cancellationToken))
        {
            return true;
        }

        long started = time.GetTimestamp();
        bool HasTime() => time.GetElapsedTime(started) < limit;

        // Only the manifest: whatever is still running may write until the engine has ended it.
        await store.DeleteAsync(deletion.BatchId, most: 1, cancellationToken);
        RecordsLeft records;
        while ((records = await scheduler.PurgeAsync(deletion.BatchId, StepSize, cancellationToken)) == RecordsLeft.Removable && HasTime())
        {
        }

        if (records != RecordsLeft.None)
        {
            return false;
        }

        while (await store.DeleteAsync(deletion.BatchId, StepSize, cancellationToken))
        {
            if (!HasTime())
            {
                return false;
            }
        }

        await catalog.RemoveAsync(deletion.ToEntry(), deletion.End, cancellationToken);
        await EndAsync(deletion, cancellationToken);
        return true;
    }

    /// <summary>Finds out whether an id is free for a new batch. It is not while an earlier batch with this id is being deleted.</summary>
    /// <param name="scheduler">Has the engine's records of batches.</param>
    /// <exception cref="IOException">The storage failed.</exception>
    public async Task<bool> IsFreeAsync(string batchId, IBatchScheduler scheduler, CancellationToken cancellationToken)
    {
        if (await catalog.FindDeletionAsync(batchId, cancellationToken) is not { } deletion)
        {
            return true;
        }

        return IsOver(deletion) && await ContinueAsync(deletion, scheduler, TimeSpan.Zero, cancellationToken) && deletion.IsSwept;
    }

    /// <summary>Makes a deletion the last change of its batch, or removes its note if another change came first.</summary>
    /// <returns>Whether the deletion is certain, whatever happens.</returns>
    /// <exception cref="IOException">The storage failed.</exception>
    public async Task<bool> DecideAsync(BatchDeletion deletion, CancellationToken cancellationToken)
    {
        if (deletion.IsUnreadable || await CloseAsync(deletion, cancellationToken))
        {
            return true;
        }

        await catalog.RemoveDeletionAsync(deletion.BatchId, cancellationToken);
        return false;
    }

    async Task<bool> CloseAsync(BatchDeletion deletion, CancellationToken cancellationToken)
    {
        try
        {
            while (await store.FindManifestAsync(deletion.BatchId, cancellationToken) is { } manifest)
            {
                if (manifest.CreatedAt != deletion.CreatedAt)
                {
                    // Another process had deleted the batch before this was noted, and the id now belongs to the next one.
                    return false;
                }

                if (deletion.Run is not { } run)
                {
                    return true;
                }

                var before = await store.FindControlAsync(deletion.BatchId, cancellationToken) ?? BatchControl.Of(manifest);
                var after = before.Deleted(run);
                if (ReferenceEquals(before, after) || await store.WriteControlAsync(after, cancellationToken))
                {
                    return after.IsDeleted;
                }
            }
        }
        catch (DamagedBatchException)
        {
            // A manifest that cannot be read is deleted like the rest.
        }
        catch (BatchGoneException)
        {
            // Another process that follows the same note has deleted it.
        }

        return true;
    }

    bool IsOver(BatchDeletion deletion) => time.GetUtcNow() - deletion.GoneAt >= store.ManifestAge * ManifestAges;

    // What an intake with this id has stored is deleted with the rest, so the intake must not make a batch from it.
    async Task EndIntakesAsync(string batchId, CancellationToken cancellationToken)
    {
        var all = catalog.ListIntakesAsync(DateTimeOffset.MaxValue, cancellationToken);
        await foreach (var intake in all.Where(intake => intake.BatchId == batchId))
        {
            await catalog.EndIntakeAsync(intake, cancellationToken);
        }
    }

    Task EndAsync(BatchDeletion deletion, CancellationToken cancellationToken) => store.ManifestAge == TimeSpan.Zero
        ? catalog.RemoveDeletionAsync(deletion.BatchId, cancellationToken)
        : catalog.WriteDeletionAsync(deletion with { GoneAt = time.GetUtcNow(), IsSwept = deletion.GoneAt is not null }, cancellationToken);
}
