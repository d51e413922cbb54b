using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Notices;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="SendNotice"/>.</summary>
/// <param name="Run">The run that ended, from 1.</param>
/// <param name="Channel">The way that the notice takes.</param>
/// <param name="Attempts">The attempts that were made on it before.</param>
public sealed record SendNoticeInput(string BatchId, int Run, NoticeChannel Channel, IReadOnlyList<NoticeAttempt> Attempts);

/// <summary>Sends the notice of a batch's end once, on one way.</summary>
/// <param name="store">Where the batch is.</param>
/// <param name="sender">Sends it.</param>
[DurableTask(nameof(SendNotice))]
public sealed class SendNotice(
    IBatchStore store, NoticeSender sender, IBatchScheduler scheduler) : TaskActivity<SendNoticeInput, SendNoticeResult>
{
    const double SecondsToTheEnd = 1;

    /// <inheritdoc/>
    public override async Task<SendNoticeResult> RunAsync(TaskActivityContext context, SendNoticeInput input)
    {
        // The orchestration that scheduled the notice has a turn to go. A receiver may redrive the batch at once, which takes its place.
        if (await scheduler.FindAsync(input.BatchId, CancellationToken.None) is { EndedAt: null } batch && batch.Status.Run == input.Run)
        {
            return new SendNoticeResult(new NoticeDelivery(NoticeState.Pending, input.Attempts), SecondsToTheEnd);
        }

        var manifest = await store.GetManifestAsync(input.BatchId);
        var whom = manifest.OnCompleted ?? throw new InvalidOperationException($"Batch '{input.BatchId}' has nobody to tell of its end.");
        var notice = await Notice.CreateAsync(store, manifest, input.Run);
        var (delivery, wait) = await sender.SendAsync(notice, whom, input.Channel, input.Attempts);
        return new SendNoticeResult(delivery, wait?.TotalSeconds);
    }
}

/// <summary>The output of <see cref="SendNotice"/>.</summary>
/// <param name="Delivery">What became of the notice on its way.</param>
/// <param name="RetryAfterSeconds">After how many seconds it is sent again; null where it is not.</param>
public sealed record SendNoticeResult(NoticeDelivery Delivery, double? RetryAfterSeconds);
