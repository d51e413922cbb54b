using Microsoft.AspNetCore.Http;
using Rollcall.Api.Requests;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Lifecycle;
using Rollcall.Orchestration;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>Handles the requests that delete a batch.</summary>
/// <param name="store">Where the batches are stored.</param>
public sealed class PurgeApi(IBatchStore store, IBatchCatalog catalog, BatchPurge purge, TimeProvider time)
{
    // Well below the time that a front end waits for a response: Azure's gives up after 230 s.
    static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);

    readonly StatusReader statuses = new(store, time);
    readonly BatchFinder finder = new(store, catalog);

    /// <summary>Deletes an ended batch completely: <c>DELETE /api/batches/{id}</c>.</summary>
    /// <param name="scheduler">Has the engine's records of it.</param>
    /// <returns>
    /// 204 if all of it is gone, 202 if the rest is deleted without a further request; 400 for an invalid parameter, 404 if there is no
    /// such batch, 409 if it has not ended.
    /// </returns>
    public async Task<IResult> DeleteAsync(HttpRequest request, string id, IBatchScheduler scheduler)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (QueryNames.FindError(request) is { } error)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, error);
        }

        if (!BatchManifest.IsValidId(id))
        {
            return Problem.NoBatch(id);
        }

        return await BatchFault.GuardAsync(async () =>
        {
            var (deletion, problem) = await BeginAsync(request, id, scheduler);
            return problem ?? (await purge.ContinueAsync(deletion!, scheduler, RequestLimit, cancellationToken)
                ? TypedResults.NoContent()
                : TypedResults.StatusCode(StatusCodes.Status202Accepted));
        });
    }

    async Task<(BatchDeletion? Deletion, IResult? Problem)> BeginAsync(HttpRequest request, string id, IBatchScheduler scheduler)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        using var turn = await catalog.EnterAsync(id, cancellationToken);
        if (await catalog.FindDeletionAsync(id, cancellationToken) is { } known)
        {
            if (known.GoneAt is not null)
            {
                return (null, Problem.NoBatch(id));
            }

            if (await purge.DecideAsync(known, cancellationToken))
            {
                return (known, null);
            }
        }

        try
        {
            return await finder.FindAsync(id, scheduler, cancellationToken) is { } manifest
                ? await BeginAsync(request, manifest, scheduler)
                : (null, Problem.NoBatch(id));
        }
        catch (DamagedBatchException)
        {
            return (await BeginDamagedAsync(id, cancellationToken), null);
        }
    }

    async Task<(BatchDeletion? Deletion, IResult? Problem)> BeginAsync(
        HttpRequest request, BatchManifest manifest, IBatchScheduler scheduler)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        var status = await statuses.ReadAsync(request, manifest, scheduler);
        if (EndedStates.KindOf(status.Status) is not { } kind)
        {
            return (null, Problem.WrongState(status, "deleted", EndedStates.All));
        }

        if (status is not { Run: { } run, EndedAt: { } endedAt })
        {
            return (
                await purge.BeginDamagedAsync(
                    new CatalogEntry(manifest.Id, manifest.CreatedAt),
                    new BatchEnd(kind, time.GetUtcNow()),
                    cancellationToken),
                null);
        }

        return await purge.BeginAsync(manifest, run, new BatchEnd(kind, endedAt), cancellationToken) is { } deletion
            ? (deletion, null)
            : (
                null,
                Problem.Conflict(
                    status,
                    $"Batch '{manifest.Id}' was redriven a moment ago, so it cannot be deleted before it has ended again."));
    }

    // Other entries with this id are removed first: it is not known which one is the batch's, and the others belong to no batch.
    async Task<BatchDeletion> BeginDamagedAsync(string id, CancellationToken cancellationToken)
    {
        var entries = await finder.FindEntriesAsync(id, cancellationToken);
        foreach (var entry in entries.Skip(1))
        {
            await catalog.RemoveAsync(entry, batchEnd: null, cancellationToken);
        }

        var last = entries.Count > 0 ? entries[0] : new CatalogEntry(id, DateTimeOffset.MinValue);
        return await purge.BeginDamagedAsync(last, new BatchEnd(EndKind.Failed, time.GetUtcNow()), cancellationToken);
    }
}
