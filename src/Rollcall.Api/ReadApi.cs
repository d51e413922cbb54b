using Microsoft.AspNetCore.Http;
using Rollcall.Api.Requests;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Lifecycle;
using Rollcall.Orchestration;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>Handles the requests that show a batch.</summary>
/// <param name="store">Where the batches are stored.</param>
public sealed class ReadApi(IBatchStore store, IBatchCatalog catalog, TimeProvider time)
{
    readonly StatusReader statuses = new(store, time);
    readonly BatchFinder finder = new(store, catalog);

    /// <summary>Returns a batch's status: <c>GET /api/batches/{id}</c>.</summary>
    /// <returns>200; 400 for an invalid parameter, 404 if there is no such batch.</returns>
    public Task<IResult> GetStatusAsync(HttpRequest request, string id, IBatchScheduler scheduler) => BatchFault.GuardAsync(async () =>
    {
        if (QueryNames.FindError(request) is { } error)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, error);
        }

        var status = await FindStatusAsync(request, id, scheduler);
        return status is null ? Problem.NoBatch(id) : TypedResults.Json(status, ApiJson.Default.BatchStatus);
    });

    /// <summary>Returns a batch's receipt: <c>GET /api/batches/{id}/receipt</c>.</summary>
    /// <param name="request">The request; its query may have <c>run</c>, for a run before the last one.</param>
    /// <returns>200; 400 for a run that does not exist, 404 if there is no such batch or it is not sealed yet.</returns>
    public Task<IResult> GetReceiptAsync(HttpRequest request, string id) => BatchFault.GuardAsync(() => FindReceiptAsync(request, id));

    async Task<BatchStatus?> FindStatusAsync(HttpRequest request, string id, IBatchScheduler scheduler)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        try
        {
            return await finder.FindAsync(id, scheduler, cancellationToken) is { } manifest
                ? await statuses.ReadAsync(request, manifest, scheduler)
                : null;
        }
        catch (DamagedBatchException exception)
        {
            var entries = await finder.FindEntriesAsync(id, cancellationToken);
            return StatusReader.Damaged(request, id, entries.Count > 0 ? entries[0].CreatedAt : null, exception);
        }
    }

    async Task<IResult> FindReceiptAsync(HttpRequest request, string id)
    {
        if (await FindAsync(request, id) is not { } manifest)
        {
            return Problem.NoBatch(id);
        }

        var (run, error) = await RunQuery.ReadAsync(store, request, manifest);
        if ((error ?? QueryNames.FindError(request, RunQuery.Name)) is { } wrong)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, wrong);
        }

        return await store.FindReceiptAsync(id, run, request.HttpContext.RequestAborted) is { } receipt
            ? TypedResults.Json(receipt, BatchesJson.Indented.Receipt)
            : Problem.Of(
                StatusCodes.Status404NotFound,
                $"Batch '{id}' has no receipt yet: it is written when the last item has its outcome.");
    }

    ValueTask<BatchManifest?> FindAsync(HttpRequest request, string id) => store.FindRequestedAsync(id, request.HttpContext.RequestAborted);
}
