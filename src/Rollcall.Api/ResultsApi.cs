using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;
using Rollcall.Api.Requests;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>Handles the requests that read a batch's results.</summary>
/// <param name="store">Where the batches are stored.</param>
public sealed class ResultsApi(IBatchStore store)
{
    /// <summary>
    /// The header with the <c>from</c> that a next request continues with. It is present if the response has all requested items before
    /// that index: for an ended batch, and with <c>contiguous=true</c>.
    /// </summary>
    public const string NextHeader = "X-Rollcall-Next";

    /// <summary>
    /// Returns a batch's results in input order: <c>GET /api/batches/{id}/results</c>. For a running batch, those of the finished shards.
    /// </summary>
    /// <param name="request">
    /// The request; its query may have <c>run</c>, <c>from</c>, <c>contiguous</c>, <c>format</c>, <c>status</c> and <c>errorCode</c>, the
    /// last two repeatedly. The response is compressed if the request's <c>Accept-Encoding</c> asks for gzip.
    /// </param>
    /// <returns>200, streamed; 400 for an invalid parameter, 404 if there is no such batch.</returns>
    /// <exception cref="DamagedDataException">Results are not what was recorded: see <see cref="BatchFault.OfDamage"/>.</exception>
    public Task<IResult> GetResultsAsync(HttpRequest request, string id) => BatchFault.GuardAsync(() => FindResultsAsync(request, id));

    async Task<IResult> FindResultsAsync(HttpRequest request, string id)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (await store.FindRequestedAsync(id, cancellationToken) is not { } manifest)
        {
            return Problem.NoBatch(id);
        }

        return await new DeletionCheck(store, manifest).ReadAsync(() => FindResultsAsync(request, manifest));
    }

    async Task<IResult> FindResultsAsync(HttpRequest request, BatchManifest manifest)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (!ResultsQuery.TryRead(request, manifest.ItemCount, out var query, out string? error))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, error);
        }

        if (request.HttpContext.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            // A reader may spend time on a line before it reads the next one.
            rate.MinDataRate = null;
        }

        var (run, runError) = await RunQuery.ReadAsync(store, request, manifest);
        if (runError is not null)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, runError);
        }

        var (shards, next, receipt) = await FindShardsAsync(manifest, run, query, cancellationToken);
        await RequireFirstAsync(manifest, run, receipt, query, cancellationToken);
        var deletion = new DeletionCheck(store, manifest);
        await deletion.RequireSameAsync(receipt);
        bool isCompressed = AcceptEncoding.PrefersGzip(request);
        WriteHeaders(request.HttpContext.Response.Headers, query.Format, manifest.Id, next, isCompressed);
        var results = new ResultsBody(store, manifest, run, receipt, shards, query);
        return TypedResults.Stream(
            body => deletion.ReadAsync(async () =>
            {
                await (isCompressed ? results.CompressAsync(body, cancellationToken) : results.WriteAsync(body, cancellationToken));
                return await deletion.RequireSameAsync(receipt);
            }),
            query.Format == ResultFormat.Csv ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson");
    }

    static void WriteHeaders(IHeaderDictionary headers, ResultFormat format, string id, long? next, bool isCompressed)
    {
        headers[HeaderNames.Vary] = HeaderNames.AcceptEncoding;
        if (isCompressed)
        {
            headers[HeaderNames.ContentEncoding] = "gzip";
        }

        if (format == ResultFormat.Csv)
        {
            headers[HeaderNames.ContentDisposition] = $"attachment; filename=\"{id}.csv\"";
        }

        if (next is { } index)
        {
            headers[NextHeader] = index.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Finds the shards that have the requested results, and where a next request continues.</summary>
    async Task<(IAsyncEnumerable<int> Shards, long? Next, Receipt? Receipt)> FindShardsAsync(
        BatchManifest manifest,
        int run,
        ResultsQuery query,
        CancellationToken cancellationToken)
    {
        int first = (int)(query.From / manifest.ItemsPerShard);
        if (await store.FindReceiptAsync(manifest.Id, run, cancellationToken) is { } receipt)
        {
            return (Between(first, manifest.ShardCount()), manifest.ItemCount, receipt);
        }

        var written = store.ListResultsAsync(manifest.Id, run, cancellationToken).Where(shard => shard >= first);
        if (!query.IsContiguous)
        {
            // While a redrive runs, the results of the earlier runs are complete, and its own replace them one by one.
            return (run > 1 ? Between(first, manifest.ShardCount()) : written, null, null);
        }

        int end = await written.Select((shard, i) => (Shard: shard, Expected: first + i))
            .TakeWhile(found => found.Shard == found.Expected)
            .CountAsync(cancellationToken) + first;
        return (Between(first, end), Math.Clamp(manifest.FirstIndexOf(end), query.From, manifest.ItemCount), null);
    }

    /// <summary>
    /// Checks the first shard of a sealed run while the response can still be a problem document. Damage found later breaks the response
    /// off.
    /// </summary>
    async Task RequireFirstAsync(BatchManifest manifest, int run, Receipt? receipt, ResultsQuery query, CancellationToken cancellationToken)
    {
        int shard = (int)(query.From / manifest.ItemsPerShard);
        if (receipt is not null && shard < receipt.Shards.Count)
        {
            await using var first = await RunResults.OpenAsync(store, manifest.Id, run, shard, receipt, cancellationToken);
        }
    }

    static IAsyncEnumerable<int> Between(int first, int end) => Enumerable.Range(first, Math.Max(0, end - first)).ToAsyncEnumerable();
}
