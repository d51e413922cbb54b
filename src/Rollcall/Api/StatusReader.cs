using Microsoft.AspNetCore.Http;
using Rollcall.Batches;
using Rollcall.Hosting;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>
/// Finds out how batches are: from the orchestration, which is a short read however large the batch is, and from the receipt where the
/// orchestration's record is gone.
/// </summary>
/// <param name="store">Where the batches are.</param>
/// <param name="time">The clock.</param>
sealed class StatusReader(IBatchStore store, TimeProvider time)
{
    public async Task<BatchStatus> ReadAsync(HttpRequest request, BatchManifest manifest, IBatchScheduler scheduler)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (await scheduler.FindAsync(manifest.Id, cancellationToken) is { } execution)
        {
            var state = execution.Failure is not null ? BatchState.Failed : execution.EndedAt is null ? BatchState.Running : BatchState.Completed;
            return Describe(request, manifest, state, execution.Counts, execution.EndedAt, execution.Failure);
        }

        return await store.FindReceiptAsync(manifest.Id, cancellationToken) is { } receipt
            ? Describe(request, manifest, BatchState.Completed, receipt.Counts, receipt.SealedAt, error: null)
            : Describe(request, manifest, BatchState.Pending, new OutcomeCounts(), endedAt: null, error: null);
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
