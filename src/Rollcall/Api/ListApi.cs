using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollcall.Hosting;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>Answers the requests that list batches.</summary>
/// <param name="store">Where the batches are.</param>
/// <param name="catalog">Lists them.</param>
/// <param name="time">The clock.</param>
public sealed class ListApi(IBatchStore store, IBatchCatalog catalog, TimeProvider time)
{
    const int DefaultLimit = 50;
    const int MaxLimit = 100;

    // Of a rare status a page would otherwise look through the whole catalog; the caller goes on with the next page.
    const int MaxLookedAt = 1000;

    readonly StatusReader statuses = new(store, time);

    /// <summary>The batches, newest first: <c>GET /api/batches</c>.</summary>
    /// <param name="request">The request; its query may have <c>status</c>, <c>limit</c> (1 to 100) and <c>after</c>.</param>
    /// <param name="scheduler">Knows their orchestrations.</param>
    /// <returns>200, or 400 for a parameter that is not allowed.</returns>
    public async Task<IResult> ListAsync(HttpRequest request, IBatchScheduler scheduler)
    {
        if (!KebabCaseQuery.TryRead<BatchState>(request, "status", out var status, out string? error))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, error);
        }

        int limit = DefaultLimit;
        if (request.Query.TryGetValue("limit", out var text)
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, $"limit is '{text}': 1 to {MaxLimit} is allowed.");
        }

        string? after = request.Query["after"];
        if (after is not null && CatalogEntry.Parse(after) is null)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "after is not the 'next' of a page.");
        }

        var page = status == BatchState.Rejected
            ? await ReadRejectionsAsync(request, after, limit)
            : await ReadBatchesAsync(request, after, limit, status, scheduler);
        return TypedResults.Json(page, ApiJson.Default.BatchPage);
    }

    async Task<BatchPage> ReadBatchesAsync(HttpRequest request, string? after, int limit, BatchState? wanted, IBatchScheduler scheduler)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        var batches = new List<BatchStatus>();
        string? last = null;
        int lookedAt = 0;
        await foreach (var entry in catalog.ListAsync(after, cancellationToken))
        {
            if (batches.Count == limit || lookedAt == MaxLookedAt)
            {
                return new BatchPage(batches, last);
            }

            lookedAt++;
            last = entry.Key;

            // An entry whose batch has another time is of a second caller, who came too late.
            if (await store.FindManifestAsync(entry.BatchId, cancellationToken) is { } manifest && manifest.CreatedAt == entry.CreatedAt)
            {
                var status = await statuses.ReadAsync(request, manifest, scheduler);
                if (wanted is null || status.Status == wanted)
                {
                    batches.Add(status);
                }
            }
        }

        return new BatchPage(batches, Next: null);
    }

    async Task<BatchPage> ReadRejectionsAsync(HttpRequest request, string? after, int limit)
    {
        var batches = new List<BatchStatus>();
        string? last = null;
        await foreach (var (key, rejection) in catalog.ListRejectionsAsync(after, request.HttpContext.RequestAborted))
        {
            if (batches.Count == limit)
            {
                return new BatchPage(batches, last);
            }

            last = key;
            batches.Add(new BatchStatus { Id = rejection.Id, Status = BatchState.Rejected, CreatedAt = rejection.RejectedAt, Error = rejection.Reason });
        }

        return new BatchPage(batches, Next: null);
    }
}
