using Microsoft.AspNetCore.Http;
using Rollcall.Batches;
using Rollcall.Hosting;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>Finds out how batches are: from the receipt where there is one, and otherwise from the orchestration.</summary>
/// <param name="store">Where the batches are.</param>
/// <param name="time">The clock.</param>
sealed class StatusReader(IBatchStore store, TimeProvider time)
{
    public async Task<BatchStatus> ReadAsync(HttpRequest request, BatchManifest manifest, IBatchScheduler scheduler)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (await store.FindReceiptAsync(manifest.Id, cancellationToken) is { } receipt)
        {
            return Describe(request, manifest, BatchState.Completed, receipt.Counts, receipt.SealedAt, error: null);
        }

        return await scheduler.FindAsync(manifest.Id, cancellationToken) switch
        {
            null => Describe(request, manifest, BatchState.Pending, new OutcomeCounts(), endedAt: null, error: null),
            { Failure: { } failure } failed => Describe(request, manifest, BatchState.Failed, failed.Counts, failed.EndedAt, failure),
            var running => Describe(request, manifest, BatchState.Running, running.Counts, endedAt: null, error: null),
        };
    }

    BatchStatus Describe(HttpRequest request, BatchManifest manifest, BatchState state, OutcomeCounts counts, DateTimeOffset? endedAt, string? error)
    {
        long done = counts.Total();
        double seconds = ((endedAt ?? time.GetUtcNow()) - manifest.CreatedAt).TotalSeconds;
        double? rate = seconds > 0 ? done / seconds : null;
        return new BatchStatus
        {
            Id = manifest.Id,
            Status = state,
            Items = manifest.ItemCount,
            Done = done,
            Counts = counts,
            Target = manifest.Target.Url,
            CreatedAt = manifest.CreatedAt,
            EndedAt = endedAt,
            ItemsPerSecond = rate is { } perSecond ? Math.Round(perSecond, 2) : null,
            SecondsLeft = state == BatchState.Running && rate > 0 ? Math.Round((manifest.ItemCount - done) / rate.Value, 1) : null,
            Error = error,
            Links = BatchLinks.Of(request, manifest.Id),
        };
    }
}
