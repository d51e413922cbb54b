using Microsoft.DurableTask;
using Rollcall.Items;
using Rollcall.Progress;
using Rollcall.Sending;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="PostItem"/>: it identifies the item but does not contain it.</summary>
/// <param name="Index">The item's index in the batch.</param>
/// <param name="Attempts">The attempts made in earlier activities; null if there were none.</param>
public sealed record PostItemInput(string BatchId, int Shard, long Index, IReadOnlyList<Attempt>? Attempts = null);

/// <summary>
/// Sends one item and returns its outcome once the whole body is read, or how long to wait before it is sent again. An item that is not
/// what was accepted is not sent.
/// </summary>
/// <param name="store">Where the batch is stored.</param>
/// <param name="sender">Sends the item.</param>
/// <param name="controls">Knows the batch's deadline, which no wait exceeds.</param>
/// <param name="progress">Records the outcome, if one process runs the whole batch.</param>
[DurableTask(nameof(PostItem))]
public sealed class PostItem(
    IBatchStore store, ItemSender sender, BatchControls controls, TimeProvider time, BatchProgress? progress = null)
    : TaskActivity<PostItemInput, SendResult>
{
    /// <inheritdoc/>
    public override async Task<SendResult> RunAsync(TaskActivityContext context, PostItemInput input)
    {
        var manifest = await store.GetManifestAsync(input.BatchId);
        BatchItem item;
        try
        {
            item = await store.ReadItemAsync(manifest, input.Index, CancellationToken.None);
        }
        catch (DamagedDataException exception)
        {
            var damaged = ItemOutcome.Failed(
                input.Index,
                input.Attempts ?? [],
                ItemError.Of(ItemErrorCode.InputDamaged, exception.Message));
            progress?.ItemEnded(input.Shard, damaged);
            return new SendResult(damaged);
        }

        var result = await sender.SendAsync(new Posting(manifest, input.Shard, input.Index, item), input.Attempts ?? []);
        if (result.RetryAfter is not { } wait)
        {
            progress?.ItemEnded(input.Shard, result.Outcome);
            return result;
        }

        var left = (await controls.GetAsync(manifest)).DeadlineOf(manifest) - time.GetUtcNow();
        var most = left < wait ? left.Value : wait;
        return result with { RetryAfter = most > TimeSpan.Zero ? most : TimeSpan.Zero };
    }
}
