using Microsoft.AspNetCore.Http;
using Rollcall.Batches;
using Rollcall.Hosting;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>Answers the requests that delete a batch.</summary>
/// <param name="store">Where the batches are.</param>
/// <param name="catalog">Notes which are being deleted.</param>
/// <param name="purge">Deletes them.</param>
/// <param name="time">The clock.</param>
public sealed class PurgeApi(IBatchStore store, IBatchCatalog catalog, BatchPurge purge, TimeProvider time)
{
    // Well under what a front end waits for an answer: Azure's gives up after 230 s.
    static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);

    readonly StatusReader statuses = new(store, time);

    /// <summary>Deletes all of a batch that has ended: <c>DELETE /api/batches/{id}</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The batch.</param>
    /// <param name="scheduler">Has the engine's records of it.</param>
    /// <returns>
    /// 204 where all of it is gone, 202 where the rest of it goes without a further request; 400 for a parameter, 404 where there is no such batch,
    /// 409 where it has not ended.
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

        if (await catalog.FindDeletionAsync(id, cancellationToken) is { } known)
        {
            return known.GoneAt is null ? await ContinueAsync(known, scheduler, cancellationToken) : Problem.NoBatch(id);
        }

        if (await store.FindManifestAsync(id, cancellationToken) is not { } manifest)
        {
            return Problem.NoBatch(id);
        }

        var status = await statuses.ReadAsync(request, manifest, scheduler);
        if (EndedStates.KindOf(status.Status) is not { } kind)
        {
            return Problem.WrongState(status, "deleted", EndedStates.All);
        }

        var deletion = await purge.BeginAsync(manifest, new BatchEnd(kind, status.EndedAt!.Value), cancellationToken);
        return await ContinueAsync(deletion, scheduler, cancellationToken);
    }

    async Task<IResult> ContinueAsync(BatchDeletion deletion, IBatchScheduler scheduler, CancellationToken cancellationToken) =>
        await purge.ContinueAsync(deletion, scheduler, RequestLimit, cancellationToken) ? TypedResults.NoContent() : TypedResults.StatusCode(StatusCodes.Status202Accepted);
}
