using Microsoft.AspNetCore.Http;
using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Progress;
using Rollcall.Storage;

namespace Rollcall.Api.Responses;

/// <summary>
/// Reads the status of batches: from the orchestration, which is a short read however large the batch is, or from the receipt or the
/// recorded failure if the orchestration failed or its record is gone.
/// </summary>
/// <param name="store">Where the batches are stored.</param>
sealed class StatusReader(IBatchStore store, TimeProvider time)
{
    /// <summary>Reads a batch's status.</summary>
    /// <exception cref="BatchGoneException">It was deleted meanwhile.</exception>
    public async Task<BatchStatus> ReadAsync(HttpRequest request, BatchManifest manifest, IBatchScheduler scheduler)
    {
        try
        {
            return await ReadWholeAsync(request, manifest, scheduler);
        }
        catch (DamagedBatchException exception)
        {
            return Damaged(
                request,
                manifest.Id,
                manifest.CreatedAt,
                exception) with
            { Items = manifest.ItemCount, Target = ShownTarget(manifest) };
        }
    }

    /// <summary>The status of a batch whose stored data cannot all be read.</summary>
    public static BatchStatus Damaged(HttpRequest request, string id, DateTimeOffset? createdAt, DamagedBatchException exception) => new()
    {
        Id = id,
        Status = BatchState.Failed,
        CreatedAt = createdAt,
        Error = BatchFault.Describe(exception),
        Links = BatchLinks.Of(request, id),
    };

    async Task<BatchStatus> ReadWholeAsync(HttpRequest request, BatchManifest manifest, IBatchScheduler scheduler)
    {
        var cancellationToken = request.HttpContext.RequestAborted;

        // In this order: a change made in the meantime belongs to a later orchestration than the one that is looked up.
        var execution = await scheduler.FindAsync(manifest.Id, cancellationToken);
        var control = await store.FindControlAsync(manifest.Id, cancellationToken) ?? BatchControl.Of(manifest);
        var standing = await FindStandingAsync(manifest, control, execution, cancellationToken);
        return Describe(manifest, control, standing) with
        {
            Notice = standing.EndedAt is null ? null : await FindNoticeAsync(manifest, control.Run, scheduler, cancellationToken),
            Links = BatchLinks.Of(request, manifest.Id),
        };
    }

    async Task<NoticeStatus?> FindNoticeAsync(
        BatchManifest manifest, int run, IBatchScheduler scheduler, CancellationToken cancellationToken) =>
        manifest.OnCompleted is not { } whom
            ? null
            : await store.FindNoticeAsync(manifest.Id, run, cancellationToken)
                ?? (await scheduler.FindNoticeAsync(manifest.Id, run, cancellationToken))?.Status
                ?? NoticeStatus.NotSent(whom);

    async Task<Standing> FindStandingAsync(
        BatchManifest manifest,
        BatchControl control,
        BatchExecution? execution,
        CancellationToken cancellationToken)
    {
        // Otherwise it belongs to an earlier run, and the redrive is about to be scheduled.
        var current = execution?.Status.Run == control.Run ? execution : null;
        // Only once it has ended: a batch shown as ended can be redriven, which is not possible before.
        if (current is { EndedAt: not null, Status: { Sealed: { } whole } status })
        {
            var tally = new BatchTally();
            tally.Add(status.Tally);
            tally.Counts = whole.Counts;
            return new(EndOf(whole.Stop), tally, whole.SealedAt, whole.Stop?.Reason);
        }

        if (current is { Failure: null, EndedAt: null })
        {
            return new(StateOf(manifest, control), current.Status.Tally, null, ReasonOf(manifest, control));
        }

        if (await store.FindReceiptAsync(manifest.Id, control.Run, cancellationToken) is { } receipt)
        {
            return new(
                EndOf(receipt.Stop),
                new BatchTally { Counts = receipt.Counts },
                receipt.SealedAt,
                receipt.Stop?.Reason,
                HasCountsOnly: true);
        }

        if (await store.FindFailureAsync(manifest.Id, control.Run, cancellationToken) is { } failure)
        {
            var tally = current?.Status.Tally ?? new BatchTally { Counts = failure.Counts };
            return new(BatchState.Failed, tally, failure.FailedAt, failure.Reason, HasCountsOnly: current is null);
        }

        if (current is null && (await store.FindManifestAsync(manifest.Id, cancellationToken))?.CreatedAt != manifest.CreatedAt)
        {
            throw new BatchGoneException(manifest.Id);
        }

        // A failure is not the end yet: the reconciler makes the batch continue, or records that it failed permanently.
        if (current is not null)
        {
            return new(BatchState.Running, current.Status.Tally, null, current.Failure);
        }

        var state = StateOf(manifest, control);
        return new(state == BatchState.Running ? BatchState.Pending : state, new BatchTally(), null, ReasonOf(manifest, control));
    }

    string? ReasonOf(BatchManifest manifest, BatchControl control) =>
        control.FindStop(manifest, time.GetUtcNow())?.Reason ?? control.PauseReason;

    BatchState StateOf(BatchManifest manifest, BatchControl control) => OpenState.Of(manifest, control, time.GetUtcNow());

    /// <summary>The state of a sealed batch.</summary>
    public static BatchState EndOf(BatchStop? stop) => EndedStates.StateOf(BatchEnd.KindOf(stop));

    BatchStatus Describe(BatchManifest manifest, BatchControl control, Standing standing)
    {
        var (state, tally, endedAt, error, hasCountsOnly) = standing;
        var now = time.GetUtcNow();
        long done = tally.Counts.Total();
        double seconds = ((endedAt ?? now) - control.RunStartsAt).TotalSeconds;

        // A later run counts the outcomes that it keeps among its own; without its orchestration's record they cannot be told apart.
        long? sent = (control.Run, hasCountsOnly) switch
        {
            (1, _) => tally.Counts.Sent(),
            (_, true) => null,
            _ => tally.Sent,
        };
        double? mean = seconds > 0 ? sent / seconds : null;
        double? recent = state == BatchState.Running ? tally.Recent.PerSecond(now, control.RunStartsAt) : null;
        double? rate = recent > 0 ? recent : mean;
        return new BatchStatus
        {
            Id = manifest.Id,
            Status = state,
            Items = manifest.ItemCount,
            Run = control.Run,
            Done = done,
            Counts = tally.Counts,
            Attempts = hasCountsOnly ? null : tally.Attempts,
            Bytes = hasCountsOnly ? null : tally.Bytes,
            ResponseTimes = ResponseTimes.Of(tally.Durations),
            Concurrency = control.Concurrency,
            RatePerSecond = control.RatePerSecond,
            Target = ShownTarget(manifest),
            CreatedAt = manifest.CreatedAt,
            StartAt = manifest.StartAt,
            DeadlineAt = control.DeadlineOf(manifest),
            EndedAt = endedAt,
            ItemsPerSecond = mean is { } perSecond ? Math.Round(perSecond, 2) : null,
            ItemsPerSecondNow = recent is { } late ? Math.Round(late, 2) : null,
            SecondsLeft = state == BatchState.Running && rate > 0 ? Math.Round((manifest.ItemCount - done) / rate.Value, 1) : null,
            Error = error,
        };
    }

    // If the record of a batch's orchestration is gone, the counts come from its receipt and the rest is unknown.
    readonly record struct Standing(BatchState State, BatchTally Tally, DateTimeOffset? EndedAt, string? Error, bool HasCountsOnly = false);

    static string? ShownTarget(BatchManifest manifest) => manifest.Target.Url.Length == 0 ? null : ShownUrl.Of(manifest.Target.Url);
}
