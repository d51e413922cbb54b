using System.Runtime.CompilerServices;
using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Storage;

namespace Rollcall.Lifecycle;

/// <summary>
/// Continues interrupted deletions, and deletes everything older than <see cref="RollcallOptions.RetentionDays"/> and uploaded parts of
/// inputs that no batch was started with.
/// </summary>
/// <param name="store">Where the batches are stored.</param>
/// <param name="options">How long batches are kept.</param>
public sealed class Retention(
    IBatchStore store, IBatchCatalog catalog, BatchPurge purge, TimeProvider time, RollcallOptions options, IUploads uploads)
{
    // Below the five minutes that a function may run by default, and below the time between two passes.
    static readonly TimeSpan PassLimit = TimeSpan.FromMinutes(1);

    readonly BatchFinder finder = new(store, catalog);

    /// <summary>
    /// Makes one pass, which deletes for about a minute at most. The next pass does the rest. If there is nothing to delete, a pass costs
    /// one or two listings, however many batches there are.
    /// </summary>
    /// <param name="scheduler">Has the engine's records of the batches.</param>
    /// <returns>The batches that were deleted or could not be deleted, one by one.</returns>
    public async IAsyncEnumerable<PurgedBatch> PassAsync(
        IBatchScheduler scheduler, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        TimeSpan Left() => PassLimit - time.GetElapsedTime(started);

        var deletions = catalog.ListDeletionsAsync(cancellationToken).TakeWhile(_ => Left() > TimeSpan.Zero);
        await foreach (var deletion in deletions.WithCancellation(cancellationToken))
        {
            Task<bool> PurgeAsync() => ContinueAsync(deletion, scheduler, Left(), cancellationToken);
            if (await TryAsync(deletion.BatchId, PurgeAsync, cancellationToken) is { } found)
            {
                yield return found;
            }
        }

        await uploads.DeleteBeforeAsync(time.GetUtcNow() - IUploads.Life, cancellationToken);
        if (options.RetentionDays is not { } days)
        {
            yield break;
        }

        var before = time.GetUtcNow() - TimeSpan.FromDays(days);
        var tooOld = catalog.ListEndedAsync(before, cancellationToken).TakeWhile(_ => Left() > TimeSpan.Zero);
        await foreach (var ended in tooOld.WithCancellation(cancellationToken))
        {
            Task<bool> PurgeAsync() => DeleteAsync(ended, scheduler, Left(), cancellationToken);
            if (await TryAsync(ended.Entry.BatchId, PurgeAsync, cancellationToken) is { } found)
            {
                yield return found;
            }
        }

        var old = catalog.ListAllAsync(CatalogList.Rejections, new CatalogRange(Until: before), cancellationToken);
        await foreach (var rejection in old.TakeWhile(_ => Left() > TimeSpan.Zero).WithCancellation(cancellationToken))
        {
            await catalog.RemoveRejectionAsync(rejection, cancellationToken);
        }
    }

    // A batch that is gone already is remembered until its id is free. That is not reported.
    async Task<bool> ContinueAsync(
        BatchDeletion deletion, IBatchScheduler scheduler, TimeSpan limit, CancellationToken cancellationToken) =>
        await purge.ContinueAsync(deletion, scheduler, limit, cancellationToken) && deletion.GoneAt is null;

    async Task<bool> DeleteAsync(EndedEntry ended, IBatchScheduler scheduler, TimeSpan limit, CancellationToken cancellationToken) =>
        await BeginAsync(ended, scheduler, cancellationToken) is { } deletion
            && await purge.ContinueAsync(deletion, scheduler, limit, cancellationToken);

    async Task<BatchDeletion?> BeginAsync(EndedEntry ended, IBatchScheduler scheduler, CancellationToken cancellationToken)
    {
        using var turn = await catalog.EnterAsync(ended.Entry.BatchId, cancellationToken);
        try
        {
            var manifest = await finder.FindAsync(ended.Entry.BatchId, scheduler, cancellationToken);
            if (manifest?.CreatedAt != ended.Entry.CreatedAt)
            {
                await catalog.RemoveAsync(ended.Entry, ended.End, cancellationToken);
                return null;
            }

            int run = (await store.FindControlAsync(manifest.Id, cancellationToken) ?? BatchControl.Of(manifest)).Run;
            var end = await store.FindEndAsync(manifest, cancellationToken);
            if (end != ended.End)
            {
                // It was redriven since, or its damage was repaired. If it has ended again, there is another note.
                await (end is null
                    ? catalog.ReopenAsync(ended.Entry, ended.End, cancellationToken)
                    : catalog.ForgetEndAsync(ended, cancellationToken));
                return null;
            }

            return await purge.BeginAsync(manifest, run, ended.End, cancellationToken);
        }
        catch (DamagedBatchException)
        {
            return await purge.BeginDamagedAsync(ended.Entry, ended.End, cancellationToken);
        }
    }

    static async Task<PurgedBatch?> TryAsync(string batchId, Func<Task<bool>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work() ? new PurgedBatch(batchId, Error: null) : null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A broken batch must not hold up the others.
            return new PurgedBatch(batchId, exception.Message);
        }
    }
}

/// <summary>The result of a batch's deletion, to be reported.</summary>
/// <param name="Error">Why it could not be deleted in this pass; null if it is gone.</param>
public sealed record PurgedBatch(string BatchId, string? Error)
{
    /// <summary>A sentence for a log.</summary>
    public override string ToString() => Error is null
        ? $"Batch '{BatchId}' is deleted."
        : $"Batch '{BatchId}' could not be deleted, which the next pass tries again: {Error}";
}
