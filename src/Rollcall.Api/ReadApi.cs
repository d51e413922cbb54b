using Microsoft.AspNetCore.Http;
using Rollcall.Api.Answers;
using Rollcall.Api.Requests;
using Rollcall.Batches;
using Rollcall.Lifecycle;
using Rollcall.Orchestration;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>Answers the requests that show how a batch is.</summary>
/// <param name="store">Where the batches are.</param>
public sealed class ReadApi(IBatchStore store, IBatchCatalog catalog, TimeProvider time)
{
    readonly StatusReader statuses = new(store, time);
    readonly BatchFinder finder = new(store, catalog);

    /// <summary>How a batch is: <c>GET /api/batches/{id}</c>.</summary>
    /// <returns>200; 400 for a parameter, 404 where there is no such batch.</returns>
    public Task<IResult> GetStatusAsync(HttpRequest request, string id, IBatchScheduler scheduler) => BatchFault.GuardAsync(async () =>
        QueryNames.FindError(request) is { } error ? Problem.Of(StatusCodes.Status400BadRequest, error)
        : await FindStatusAsync(request, id, scheduler) is { } status ? TypedResults.Json(status, ApiJson.Default.BatchStatus)
        : Problem.NoBatch(id));

    /// <summary>A batch's receipt: <c>GET /api/batches/{id}/receipt</c>.</summary>
    /// <param name="request">The request; its query may have <c>run</c>, for an earlier one than the last.</param>
    /// <returns>200; 400 for a run that there is not, 404 where there is no such batch or it is not sealed yet.</returns>
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
