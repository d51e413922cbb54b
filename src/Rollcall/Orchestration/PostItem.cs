using Microsoft.DurableTask;
using Rollcall.Batches;
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
    : TaskActivity<PostItemInput, PostItemResult>
{
    /// <inheritdoc/>
    public override async Task<PostItemResult> RunAsync(TaskActivityContext context, PostItemInput input)
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
            return new PostItemResult(damaged);
        }

        var result = await sender.SendAsync(manifest, input.Shard, input.Index, item, input.Attempts ?? []);
        if (result.RetryAfter is not { } wait)
        {
            progress?.ItemEnded(input.Shard, result.Outcome);
            return new PostItemResult(result.Outcome, RetryAfterSeconds: null, result.Stop);
        }

        var left = (await controls.GetAsync(manifest)).DeadlineOf(manifest) - time.GetUtcNow();
        return new PostItemResult(result.Outcome, Math.Max(0, (left < wait ? left.Value : wait).TotalSeconds), Stop: null, result.IsPaused);
    }
}

/// <summary>The output of <see cref="PostItem"/>.</summary>
/// <param name="Outcome">The outcome of the last attempt.</param>
/// <param name="RetryAfterSeconds">How long to wait before the item is sent again; null if the outcome is final.</param>
/// <param name="Stop">Why no more items of the batch are sent; null while they are.</param>
/// <param name="IsPaused">Whether the batch is paused: the wait is then the time until the next check.</param>
public sealed record PostItemResult(ItemOutcome Outcome, double? RetryAfterSeconds = null, BatchStop? Stop = null, bool IsPaused = false);
