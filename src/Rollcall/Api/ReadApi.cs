using Microsoft.AspNetCore.Http;
using Rollcall.Batches;
using Rollcall.Hosting;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>Answers the requests that show how a batch is.</summary>
/// <param name="store">Where the batches are.</param>
/// <param name="time">The clock.</param>
public sealed class ReadApi(IBatchStore store, TimeProvider time)
{
    readonly StatusReader statuses = new(store, time);

    /// <summary>How a batch is: <c>GET /api/batches/{id}</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The batch.</param>
    /// <param name="scheduler">Knows its orchestration.</param>
    /// <returns>200; 400 for a parameter, 404 where there is no such batch.</returns>
    public async Task<IResult> GetStatusAsync(HttpRequest request, string id, IBatchScheduler scheduler) =>
        QueryNames.FindError(request) is { } error ? Problem.Of(StatusCodes.Status400BadRequest, error)
        : await FindAsync(request, id) is { } manifest
            ? TypedResults.Json(await statuses.ReadAsync(request, manifest, scheduler), ApiJson.Default.BatchStatus)
            : Problem.NoBatch(id);

    /// <summary>A batch's receipt: <c>GET /api/batches/{id}/receipt</c>.</summary>
    /// <param name="request">The request; its query may have <c>run</c>, for an earlier one than the last.</param>
    /// <param name="id">The batch.</param>
    /// <returns>200; 400 for a run that there is not, 404 where there is no such batch or it is not sealed yet.</returns>
    public async Task<IResult> GetReceiptAsync(HttpRequest request, string id)
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
            ? TypedResults.Json(receipt, Serialization.RollcallJson.Indented.Receipt)
            : Problem.Of(StatusCodes.Status404NotFound, $"Batch '{id}' has no receipt yet: it is written when the last item has its outcome.");
    }

    ValueTask<BatchManifest?> FindAsync(HttpRequest request, string id) => store.FindRequestedAsync(id, request.HttpContext.RequestAborted);
}
