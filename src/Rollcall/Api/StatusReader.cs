using Microsoft.AspNetCore.Http;
using Rollcall.Batches;
using Rollcall.Hosting;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>
/// Finds out how batches are: from the orchestration, which is a short read however large the batch is, and from the receipt or the
/// recorded failure where the orchestration failed or its record is gone.
/// </summary>
/// <param name="store">Where the batches are.</param>
/// <param name="time">The clock.</param>
sealed class StatusReader(IBatchStore store, TimeProvider time)
{
    public async Task<BatchStatus> ReadAsync(HttpRequest request, BatchManifest manifest, IBatchScheduler scheduler)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        var execution = await scheduler.FindAsync(manifest.Id, cancellationToken);
        if (execution is { Failure: null })
        {
            var state = execution.EndedAt is null ? BatchState.Running : BatchState.Completed;
            return Describe(request, manifest, state, execution.Counts, execution.EndedAt, error: null);
        }

        if (await store.FindReceiptAsync(manifest.Id, cancellationToken) is { } receipt)
        {
            return Describe(request, manifest, BatchState.Completed, receipt.Counts, receipt.SealedAt, error: null);
        }

        if (await store.FindFailureAsync(manifest.Id, cancellationToken) is { } failure)
        {
            return Describe(request, manifest, BatchState.Failed, execution?.Counts ?? failure.Counts, failure.FailedAt, failure.Reason);
        }

        // What failed is not over yet: the reconciler has it go on, or records that it failed for good.
        return execution is null
            ? Describe(request, manifest, BatchState.Pending, new OutcomeCounts(), endedAt: null, error: null)
            : Describe(request, manifest, BatchState.Running, execution.Counts, endedAt: null, execution.Failure);
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
