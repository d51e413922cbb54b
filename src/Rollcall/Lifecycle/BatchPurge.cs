using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Storage;

namespace Rollcall.Lifecycle;

/// <summary>
/// Deletes all of an ended batch, in an order in which a crash at any point leaves a note by which the next pass goes on: the note comes
/// first and goes last. Nothing else is written to, so that any number of processes may be at it.
/// </summary>
/// <param name="store">Where the batches are.</param>
/// <param name="catalog">Lists them, and notes which are being deleted.</param>
public sealed class BatchPurge(IBatchStore store, IBatchCatalog catalog, TimeProvider time)
{
    const int StepSize = 200;

    // Of a manifest that another process read right before it was deleted, and of clocks that are a little apart.
    const int ManifestAges = 3;

    /// <summary>Begins to delete a batch that has ended. From its return on the batch will be gone, whatever happens.</summary>
    /// <param name="run">The run that has ended, from 1.</param>
    /// <param name="end">How and when it did.</param>
    /// <returns>What <see cref="ContinueAsync"/> goes on with; null where the batch was redriven since, and goes on.</returns>
    /// <exception cref="IOException">The storage failed.</exception>
    public async Task<BatchDeletion?> BeginAsync(BatchManifest manifest, int run, BatchEnd end, CancellationToken cancellationToken)
    {
        var deletion = new BatchDeletion(manifest.Id, manifest.CreatedAt, end, Run: run);
        await catalog.WriteDeletionAsync(deletion, cancellationToken);
        return await DecideAsync(deletion, cancellationToken) ? deletion : null;
    }

    /// <summary>Begins to delete a batch that is damaged, whether it has ended or not.</summary>
    /// <param name="entry">Its entry in the catalog.</param>
    /// <param name="end">When it was found to be damaged.</param>
    /// <returns>What <see cref="ContinueAsync"/> goes on with.</returns>
    /// <exception cref="IOException">The storage failed.</exception>
    public async Task<BatchDeletion> BeginDamagedAsync(CatalogEntry entry, BatchEnd end, CancellationToken cancellationToken)
    {
        var deletion = new BatchDeletion(entry.BatchId, entry.CreatedAt, end);
        await catalog.WriteDeletionAsync(deletion, cancellationToken);

        // When it ended it cannot say itself.
        var all = catalog.ListEndedAsync(DateTimeOffset.MaxValue, cancellationToken);
        await foreach (var ended in all.Where(ended => ended.Entry.BatchId == entry.BatchId))
        {
            await catalog.ForgetEndAsync(ended, cancellationToken);
        }

        return deletion;
    }

    /// <summary>Goes on with a deletion for a bounded time.</summary>
    /// <param name="scheduler">Has the engine's records of the batch.</param>
    /// <param name="limit">How long it may take, give or take a step.</param>
    /// <returns>Whether all of the batch is gone.</returns>
    /// <exception cref="IOException">The storage failed. What was deleted is deleted.</exception>
    public async Task<bool> ContinueAsync(
        BatchDeletion deletion, IBatchScheduler scheduler, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (deletion.GoneAt is not null && !IsOver(deletion))
        {
            return true;
        }

        if (deletion.IsSwept)
        {
            // Nothing is deleted any more where the id becomes free: another process may have freed it already, and its next batch come.
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

        // The manifest, and no more: what still goes on may write until the engine has ended it.
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

    /// <summary>Finds out whether an id can be of a new batch, which it cannot be while one that had it is being deleted.</summary>
    /// <param name="scheduler">Has the engine's records of batches.</param>
    /// <returns>Whether it can.</returns>
    /// <exception cref="IOException">The storage failed.</exception>
    public async Task<bool> IsFreeAsync(string batchId, IBatchScheduler scheduler, CancellationToken cancellationToken)
    {
        if (await catalog.FindDeletionAsync(batchId, cancellationToken) is not { } deletion)
        {
            return true;
        }

        return IsOver(deletion) && await ContinueAsync(deletion, scheduler, TimeSpan.Zero, cancellationToken) && deletion.IsSwept;
    }

    /// <summary>Makes a deletion the last change of its batch, or takes its note back where another change was first.</summary>
    /// <returns>Whether the batch will be gone, whatever happens.</returns>
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
                    // Another process had deleted the batch before this was noted, and the id is of the next one.
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
            // What cannot be read is to go like the rest.
        }
        catch (BatchGoneException)
        {
            // By another process, which went by the same note.
        }

        return true;
    }

    bool IsOver(BatchDeletion deletion) => time.GetUtcNow() - deletion.GoneAt >= store.ManifestAge * ManifestAges;

    // What an intake of the id has stored goes with the rest, so the intake must not make a batch of it.
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
