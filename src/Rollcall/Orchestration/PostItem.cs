using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Sending;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>Sends one item and returns its outcome, once the whole body is read; or how long to wait before it is sent again.</summary>
/// <param name="store">Where the batch is.</param>
/// <param name="sender">Sends the item.</param>
/// <param name="progress">Told of the outcome, where one process runs the whole batch.</param>
[DurableTask(nameof(PostItem))]
public sealed class PostItem(IBatchStore store, ItemSender sender, BatchProgress? progress = null) : TaskActivity<PostItemInput, PostItemResult>
{
    /// <inheritdoc/>
    public override async Task<PostItemResult> RunAsync(TaskActivityContext context, PostItemInput input)
    {
        var manifest = await store.GetManifestAsync(input.BatchId);
        var item = await store.ReadItemAsync(manifest, input.Index, CancellationToken.None);
        var result = await sender.SendAsync(manifest, input.Shard, input.Index, item, input.Lane, input.Attempts ?? []);
        if (result.RetryAfter is null)
        {
            progress?.ItemEnded(input.Shard, result.Outcome);
        }

        return new PostItemResult(result.Outcome, result.RetryAfter?.TotalSeconds);
    }
}
