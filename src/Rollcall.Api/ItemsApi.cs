using Microsoft.AspNetCore.Http;
using Rollcall.Api.Requests;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Storage;
using Rollcall.Validation;

namespace Rollcall.Api;

/// <summary>Handles the requests that read the results of single items.</summary>
/// <param name="store">Where the batches are stored.</param>
public sealed class ItemsApi(IBatchStore store)
{
    /// <summary>The parameter with the id of an item.</summary>
    public const string IdParameter = "id";

    /// <summary>The maximum number of ids in a request.</summary>
    public const int MaxIds = 100;

    /// <summary>The maximum number of items that may have the ids of a request.</summary>
    public const int MaxItems = 1000;

    /// <summary>The <c>code</c> of the response to a request for an item that has no written outcome yet.</summary>
    public const string NoOutcomeCode = "no-outcome-yet";

    /// <summary>Returns the result line of one item: <c>GET /api/batches/{id}/items/{index}</c>.</summary>
    /// <param name="index">The item's index, from 0.</param>
    /// <returns>200, streamed; 404 if there is no such batch, item or outcome.</returns>
    /// <exception cref="DamagedDataException">Results are not what was recorded: see <see cref="BatchFault.OfDamage"/>.</exception>
    public Task<IResult> GetByIndexAsync(HttpRequest request, string id, long index) =>
        ReadAsync(request, id, (manifest, run) => FindByIndexAsync(request, manifest, run, index), RunQuery.Name);

    /// <summary>
    /// Returns the result lines of the items with given ids, in input order: <c>GET /api/batches/{id}/items?id=…</c>. If some of these
    /// items have no outcome yet, none is returned.
    /// </summary>
    /// <param name="request">The request; its query has <c>id</c>, up to <see cref="MaxIds"/> times, and may have <c>run</c>.</param>
    /// <returns>
    /// 200, streamed; 400 for an invalid parameter, or if more than <see cref="MaxItems"/> items have the ids; 404 if there is no such
    /// batch, no item with one of the ids, or no outcome yet.
    /// </returns>
    /// <exception cref="DamagedDataException">Ids or results are not what was recorded: see <see cref="BatchFault.OfDamage"/>.</exception>
    public Task<IResult> GetByIdAsync(HttpRequest request, string batchId) =>
        ReadAsync(request, batchId, (manifest, run) => FindByIdAsync(request, manifest, run), RunQuery.Name, IdParameter);

    Task<IResult> ReadAsync(
        HttpRequest request, string batchId, Func<BatchManifest, int, Task<IResult>> read, params string[] parameters) =>
        BatchFault.GuardAsync(async () =>
        {
            if (await store.FindRequestedAsync(batchId, request.HttpContext.RequestAborted) is not { } manifest)
            {
                return Problem.NoBatch(batchId);
            }

            return await new DeletionCheck(store, manifest).ReadAsync(async () =>
            {
                var (run, error) = await RunQuery.ReadAsync(store, request, manifest);
                return (error ?? QueryNames.FindError(request, parameters)) is { } wrong
                    ? Problem.Of(StatusCodes.Status400BadRequest, wrong)
                    : await read(manifest, run);
            });
        });

    async Task<IResult> FindByIndexAsync(HttpRequest request, BatchManifest manifest, int run, long index) =>
        index < 0 || index >= manifest.ItemCount
            ? Problem.Of(
                StatusCodes.Status404NotFound,
                $"Batch '{manifest.Id}' has no item {index}: its items are 0 to {manifest.ItemCount - 1}.")
            : await FindLinesAsync(manifest, run, [index], "application/json", request.HttpContext.RequestAborted);

    async Task<IResult> FindByIdAsync(HttpRequest request, BatchManifest manifest, int run)
    {
        var ids = request.Query[IdParameter].Select(id => id ?? "").ToHashSet(StringComparer.Ordinal);
        if (FindError(ids) is { } error)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, error);
        }

        var cancellationToken = request.HttpContext.RequestAborted;
        var found = await IdMarks.FindAsync(store, manifest, ids, MaxItems, cancellationToken);
        if (found.Count > MaxItems)
        {
            return Problem.Of(
                StatusCodes.Status400BadRequest,
                $"More than {MaxItems} items of batch '{manifest.Id}' have these ids: ask for fewer, or read its results.");
        }

        string why = manifest.HasIds ? "" : ": its items have no ids";
        return ids.Except(found.Select(item => item.Id)).Order(StringComparer.Ordinal).FirstOrDefault() is { } missing
            ? Problem.Of(
                StatusCodes.Status404NotFound,
                $"Batch '{manifest.Id}' has no item with the id '{ShortText.Of(missing)}'{why}.")
            : await FindLinesAsync(
                manifest, run, [.. found.Select(item => item.Index)], "application/x-ndjson", cancellationToken);
    }

    static string? FindError(HashSet<string> ids) =>
        ids.Count is 0 or > MaxIds
            ? $"{IdParameter} is given {ids.Count} times: 1 to {MaxIds} ids of items are needed."
            : ids.FirstOrDefault(id => id.Length is 0 or > BatchItem.MaxIdLength) is { } wrong
            ? $"{IdParameter} is '{ShortText.Of(wrong)}': the id of an item has 1 to {BatchItem.MaxIdLength} characters."
            : null;

    /// <param name="indexes">The items, in order.</param>
    async Task<IResult> FindLinesAsync(
        BatchManifest manifest, int run, IReadOnlyList<long> indexes, string contentType, CancellationToken cancellationToken)
    {
        var receipt = await store.FindReceiptAsync(manifest.Id, run, cancellationToken);
        var shards = indexes.GroupBy(index => (int)(index / manifest.ItemsPerShard)).ToList();
        ValueTask<Stream?> OpenAsync(int shard) => RunResults.OpenAsync(store, manifest.Id, run, shard, receipt, cancellationToken);

        // Read to their end, where they are certain to be what was recorded, before any line is sent.
        foreach (var shard in shards)
        {
            if (await OpenAsync(shard.Key) is not { } results)
            {
                return Problem.Of(
                    StatusCodes.Status404NotFound,
                    $"Item {shard.First()} of batch '{manifest.Id}' has no written outcome yet.",
                    NoOutcomeCode);
            }

            await using (results)
            {
                await results.CopyToAsync(Stream.Null, cancellationToken);
            }
        }

        // If the batch is deleted or damaged from now on, the response breaks off.
        return TypedResults.Stream(
            async body =>
            {
                foreach (var shard in shards)
                {
                    await using var results = await OpenAsync(shard.Key);
                    if (results is null || !await CopyAsync(results, shard, body, cancellationToken))
                    {
                        throw new InvalidDataException($"Shard {shard.Key} of batch '{manifest.Id}' lacks results of its items.");
                    }
                }
            },
            contentType);
    }

    /// <returns>Whether all lines were there.</returns>
    static async Task<bool> CopyAsync(Stream results, IEnumerable<long> indexes, Stream body, CancellationToken cancellationToken)
    {
        var missing = indexes.ToHashSet();
        var reader = new ResultReader(results, []);
        while (missing.Count > 0 && await reader.CopyAsync(line => missing.Contains(line.Index), body, cancellationToken) is { } line)
        {
            missing.Remove(line.Index);
        }

        return missing.Count == 0;
    }
}
