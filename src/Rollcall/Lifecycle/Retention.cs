using System.Runtime.CompilerServices;
using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Storage;

namespace Rollcall.Lifecycle;

/// <summary>
/// Goes on with deletions that were interrupted, and deletes what is older than <see cref="RollcallOptions.RetentionDays"/> and the parts
/// of inputs that no batch was started with.
/// </summary>
/// <param name="store">Where the batches are.</param>
/// <param name="options">How long batches are kept.</param>
public sealed class Retention(
    IBatchStore store, IBatchCatalog catalog, BatchPurge purge, TimeProvider time, RollcallOptions options, IUploads uploads)
{
    // Under the five minutes that a function may run for by default, and between two passes.
    static readonly TimeSpan PassLimit = TimeSpan.FromMinutes(1);

    readonly BatchFinder finder = new(store, catalog);

    /// <summary>
    /// Makes one pass, which deletes for about a minute at the most. What is left is for the next one. Where there is nothing to delete it
    /// is a listing or two, however many batches there are.
    /// </summary>
    /// <param name="scheduler">Has the engine's records of the batches.</param>
    /// <returns>The batches that are gone, or could not be deleted, one by one.</returns>
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

    // One that is gone already is kept in mind until its id is free, which is nothing to tell of.
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
                // It was redriven since, or what was damaged of it is whole again. Where it has ended again, there is another note.
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
            // One batch that is broken must not keep the others.
            return new PurgedBatch(batchId, exception.Message);
        }
    }
}

/// <summary>A batch about whose deletion something is to be told.</summary>
/// <param name="Error">What kept it from being deleted in this pass; null where it is gone.</param>
public sealed record PurgedBatch(string BatchId, string? Error)
{
    /// <summary>A sentence for a log.</summary>
    public override string ToString() => Error is null
        ? $"Batch '{BatchId}' is deleted."
        : $"Batch '{BatchId}' could not be deleted, which the next pass tries again: {Error}";
}
