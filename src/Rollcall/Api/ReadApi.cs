using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Rollcall.Batches;
using Rollcall.Control;
using Rollcall.Hosting;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>Answers the requests that show a batch.</summary>
/// <param name="store">Where the batches are.</param>
/// <param name="time">The clock.</param>
public sealed class ReadApi(IBatchStore store, TimeProvider time)
{
    const string LinesType = "application/x-ndjson";
    const int BufferSize = 64 * 1024;

    readonly StatusReader statuses = new(store, time);

    /// <summary>How a batch is: <c>GET /api/batches/{id}</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The batch.</param>
    /// <param name="scheduler">Knows its orchestration.</param>
    /// <returns>200, or 404 where there is no such batch.</returns>
    public async Task<IResult> GetStatusAsync(HttpRequest request, string id, IBatchScheduler scheduler) =>
        await FindAsync(request, id) is { } manifest
            ? TypedResults.Json(await statuses.ReadAsync(request, manifest, scheduler), ApiJson.Default.BatchStatus)
            : Problem.NoBatch(id);

    /// <summary>A batch's receipt: <c>GET /api/batches/{id}/receipt</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The batch.</param>
    /// <returns>200, or 404 where there is no such batch or it is not sealed yet.</returns>
    public async Task<IResult> GetReceiptAsync(HttpRequest request, string id)
    {
        if (await FindAsync(request, id) is not { } manifest)
        {
            return Problem.NoBatch(id);
        }

        var (run, error) = await ReadRunAsync(request, manifest);
        if (error is not null)
        {
            return error;
        }

        return await store.FindReceiptAsync(id, run, request.HttpContext.RequestAborted) is { } receipt
            ? TypedResults.Json(receipt, Serialization.RollcallJson.Indented.Receipt)
            : Problem.Of(StatusCodes.Status404NotFound, $"Batch '{id}' has no receipt yet: it is written when the last item has its outcome.");
    }

    /// <summary>
    /// A batch's result lines in input order: <c>GET /api/batches/{id}/results</c>. Of a batch that goes on, those of the finished shards.
    /// </summary>
    /// <param name="request">The request; <c>status</c> in its query asks for the items that ended so.</param>
    /// <param name="id">The batch.</param>
    /// <returns>200, streamed; 400 for a status that there is not, 404 where there is no such batch.</returns>
    public async Task<IResult> GetResultsAsync(HttpRequest request, string id)
    {
        if (await FindAsync(request, id) is not { } manifest)
        {
            return Problem.NoBatch(id);
        }

        if (!KebabCaseQuery.TryRead<Items.OutcomeStatus>(request, "status", out var status, out string? error))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, error);
        }

        if (request.HttpContext.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            // A reader may work on a line before it takes the next one.
            rate.MinDataRate = null;
        }

        var cancellationToken = request.HttpContext.RequestAborted;
        var (run, runError) = await ReadRunAsync(request, manifest);
        if (runError is not null)
        {
            return runError;
        }

        // The results of the runs before are whole, and those of a redrive take their places one by one.
        bool isWhole = run > 1 || await store.FindReceiptAsync(id, run, cancellationToken) is not null;
        return TypedResults.Stream(
            body => WriteResultsAsync(
                body,
                manifest,
                run,
                isWhole ? Enumerable.Range(0, manifest.ShardCount()).ToAsyncEnumerable() : store.ListResultsAsync(id, run, cancellationToken),
                line => status is null || line.Status == status,
                cancellationToken),
            LinesType);
    }

    /// <summary>The result line of one item: <c>GET /api/batches/{id}/items/{index}</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The batch.</param>
    /// <param name="index">The item's index, from 0.</param>
    /// <returns>200, streamed; 404 where there is no such batch, item or outcome.</returns>
    public async Task<IResult> GetItemAsync(HttpRequest request, string id, long index)
    {
        if (await FindAsync(request, id) is not { } manifest)
        {
            return Problem.NoBatch(id);
        }

        if (index < 0 || index >= manifest.ItemCount)
        {
            return Problem.Of(StatusCodes.Status404NotFound, $"Batch '{id}' has no item {index}: its items are 0 to {manifest.ItemCount - 1}.");
        }

        var cancellationToken = request.HttpContext.RequestAborted;
        int shard = (int)(index / manifest.ItemsPerShard);
        var (run, error) = await ReadRunAsync(request, manifest);
        if (error is not null)
        {
            return error;
        }

        if (await RunResults.OpenAsync(store, id, run, shard, cancellationToken) is not { } results)
        {
            return Problem.Of(StatusCodes.Status404NotFound, $"Item {index} of batch '{id}' has no written outcome yet.");
        }

        return TypedResults.Stream(
            async body =>
            {
                await using (results)
                {
                    var reader = new ResultReader(results, []);
                    while (await reader.CopyAsync(line => line.Index == index, body, cancellationToken) is { } line && line.Index < index)
                    {
                    }
                }
            },
            "application/json");
    }

    async Task WriteResultsAsync(
        Stream body,
        BatchManifest manifest,
        int run,
        IAsyncEnumerable<int> shards,
        Func<ResultLine, bool> isWanted,
        CancellationToken cancellationToken)
    {
        await using var buffered = new BufferedStream(body, BufferSize);
        await foreach (int shard in shards.WithCancellation(cancellationToken))
        {
            // An answer that has begun can only break off, which the caller sees, where the store has lost something.
            await using var results = await RunResults.OpenAsync(store, manifest.Id, run, shard, cancellationToken)
                ?? throw new InvalidDataException($"Shard {shard} of batch '{manifest.Id}' has no results.");
            var reader = new ResultReader(results, []);
            while (await reader.CopyAsync(isWanted, buffered, cancellationToken) is not null)
            {
            }
        }

        await buffered.FlushAsync(cancellationToken);
    }

    // The run that is asked for, or the newest one.
    async Task<(int Run, IResult? Error)> ReadRunAsync(HttpRequest request, BatchManifest manifest)
    {
        int newest = (await store.FindControlAsync(manifest.Id, request.HttpContext.RequestAborted) ?? BatchControl.Of(manifest)).Run;
        string? text = request.Query["run"];
        if (text is null)
        {
            return (newest, null);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int run) && run >= 1 && run <= newest
            ? (run, null)
            : (0, Problem.Of(StatusCodes.Status400BadRequest, $"run is '{text}': 1 to {newest} is allowed."));
    }

    async ValueTask<BatchManifest?> FindAsync(HttpRequest request, string id) =>
        BatchManifest.IsValidId(id) ? await store.FindManifestAsync(id, request.HttpContext.RequestAborted) : null;
}
