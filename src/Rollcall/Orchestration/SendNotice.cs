using System.Text.Json.Serialization;
using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Notices;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="SendNotice"/>.</summary>
/// <param name="Run">The run that ended, from 1.</param>
/// <param name="Channel">How the notice is delivered.</param>
/// <param name="Attempts">The earlier attempts on this channel.</param>
public sealed record SendNoticeInput(string BatchId, int Run, NoticeChannel Channel, IReadOnlyList<NoticeAttempt> Attempts);

/// <summary>Makes one attempt to send the notice of a batch's end on one channel.</summary>
/// <param name="store">Where the batch is stored.</param>
/// <param name="sender">Sends the notice.</param>
[DurableTask(nameof(SendNotice))]
public sealed class SendNotice(
    IBatchStore store, NoticeSender sender, IBatchScheduler scheduler) : TaskActivity<SendNoticeInput, SendNoticeResult>
{
    const double SecondsToTheEnd = 1;

    /// <inheritdoc/>
    public override async Task<SendNoticeResult> RunAsync(TaskActivityContext context, SendNoticeInput input)
    {
        // The orchestration that scheduled the notice still has a turn to run, and a receiver may redrive the batch at once, which replaces
        // it.
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
/// <param name="Delivery">The state of the delivery on this channel.</param>
/// <param name="RetryAfterSeconds">After how many seconds it is sent again; null if it is not.</param>
public sealed record SendNoticeResult([property: JsonRequired] NoticeDelivery Delivery, double? RetryAfterSeconds);
