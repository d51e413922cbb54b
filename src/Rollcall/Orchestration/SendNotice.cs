using Microsoft.DurableTask;
using Rollcall.Notices;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>Sends the notice of a batch's end once, on one way.</summary>
/// <param name="store">Where the batch is.</param>
/// <param name="sender">Sends it.</param>
[DurableTask(nameof(SendNotice))]
public sealed class SendNotice(IBatchStore store, NoticeSender sender) : TaskActivity<SendNoticeInput, SendNoticeResult>
{
    /// <inheritdoc/>
    public override async Task<SendNoticeResult> RunAsync(TaskActivityContext context, SendNoticeInput input)
    {
        var manifest = await store.GetManifestAsync(input.BatchId);
        var whom = manifest.OnCompleted ?? throw new InvalidOperationException($"Batch '{input.BatchId}' has nobody to tell of its end.");
        var notice = await Notice.CreateAsync(store, manifest, input.Run);
        var (delivery, wait) = await sender.SendAsync(notice, whom, input.Channel, input.Attempts);
        return new SendNoticeResult(delivery, wait?.TotalSeconds);
    }
}
