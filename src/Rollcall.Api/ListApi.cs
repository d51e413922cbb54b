using Microsoft.AspNetCore.Http;
using Rollcall.Api.Requests;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Lifecycle;
using Rollcall.Orchestration;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>
/// Handles the requests that list batches. The cost of a page depends on its size, not on the number of batches.
/// </summary>
/// <param name="store">Where the batches are stored.</param>
public sealed class ListApi(IBatchStore store, IBatchCatalog catalog, TimeProvider time)
{
    const int ReadsAtOnce = 8;

    // There may be many open batches that are not in the requested state; the caller continues with the next page.
    const int MaxLookedAt = 200;

    readonly StatusReader statuses = new(store, time);
    readonly BatchFinder finder = new(store, catalog);

    /// <summary>Lists the batches, newest first: <c>GET /api/batches</c>.</summary>
    /// <param name="request">
    /// The request; its query may have <c>status</c>, <c>since</c> (inclusive) and <c>until</c> (exclusive) for when the batches were
    /// received,
    /// <c>limit</c> (1 to 100) and <c>after</c>.
    /// </param>
    /// <returns>
    /// 200, or 400 for an invalid parameter. A page may have fewer batches than the limit; its <c>next</c> says whether there are more.
    /// </returns>
    public async Task<IResult> ListAsync(HttpRequest request, IBatchScheduler scheduler)
    {
        if (!ListQuery.TryRead(request, out var query, out string? error))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, error);
        }

        var page = query.Status == BatchState.Rejected
            ? await ReadRejectionsAsync(request, query)
            : await ReadBatchesAsync(request, query, scheduler);
        return TypedResults.Json(page, ApiJson.Default.BatchPage);
    }

    // A batch that has ended stays in the list of open ones until it is checked next.
    static CatalogList[] ListsOf(BatchState? status)
    {
        if (status is not { } wanted)
        {
            return [CatalogList.All];
        }

        return EndedStates.KindOf(wanted) is { } kind ? [CatalogList.Open, CatalogList.Ended(kind)] : [CatalogList.Open];
    }

    async Task<BatchPage> ReadBatchesAsync(HttpRequest request, ListQuery query, IBatchScheduler scheduler)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        var lists = ListsOf(query.Status);
        var batches = new List<BatchStatus>();
        string? after = query.After;
        int lookedAt = 0;
        do
        {
            var page = await catalog.ListAsync(lists, query.Range, after, query.Limit - batches.Count, cancellationToken);
            foreach (var some in page.Entries.Chunk(ReadsAtOnce))
            {
                var read = await Task.WhenAll(some.Select(entry => ReadAsync(request, entry, scheduler)));
                batches.AddRange(read.OfType<BatchStatus>().Where(status => query.Status is null || status.Status == query.Status));
            }

            lookedAt += page.Entries.Count;
            after = page.Next;
        }
        while (after is not null && batches.Count < query.Limit && lookedAt < MaxLookedAt);
        return new BatchPage(batches, after);
    }

    // Null for an entry without a batch, and for one whose batch has another time: it belongs to a second caller, who was too late.
    async Task<BatchStatus?> ReadAsync(HttpRequest request, CatalogEntry entry, IBatchScheduler scheduler)
    {
        try
        {
            var manifest = await finder.FindAsync(entry.BatchId, scheduler, request.HttpContext.RequestAborted);
            return manifest?.CreatedAt == entry.CreatedAt ? await statuses.ReadAsync(request, manifest, scheduler) : null;
        }
        catch (DamagedBatchException exception)
        {
            return StatusReader.Damaged(request, entry.BatchId, entry.CreatedAt, exception);
        }
        catch (BatchGoneException)
        {
            return null;
        }
    }

    async Task<BatchPage> ReadRejectionsAsync(HttpRequest request, ListQuery query)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        var page = await catalog.ListAsync(CatalogList.Rejections, query.Range, query.After, query.Limit, cancellationToken);
        var rejections = new List<Rejection>();
        foreach (var some in page.Entries.Chunk(ReadsAtOnce))
        {
            rejections.AddRange(
                (await Task.WhenAll(some.Select(entry => catalog.FindRejectionAsync(entry, cancellationToken)))).OfType<Rejection>());
        }

        var batches = rejections.Select(rejection =>
            new BatchStatus
            {
                Id = rejection.Id,
                Status = BatchState.Rejected,
                CreatedAt = rejection.RejectedAt,
                Error = rejection.Reason,
            });
        return new BatchPage([.. batches], page.Next);
    }
}
