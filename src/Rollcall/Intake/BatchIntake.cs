using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Storage;

namespace Rollcall.Intake;

/// <summary>Makes a batch of a sequence of items: stores them, then its manifest, without which the batch does not exist.</summary>
/// <param name="store">Where the batch goes.</param>
/// <param name="time">The clock.</param>
public sealed class BatchIntake(IBatchStore store, TimeProvider time)
{
    /// <summary>Takes a batch in.</summary>
    /// <param name="batchId">The new batch's id.</param>
    /// <param name="target">Where its items go.</param>
    /// <param name="options">How they are sent.</param>
    /// <param name="items">The items. They are read once and never all in memory.</param>
    /// <param name="cancellationToken">Stops the intake; the batch then does not exist.</param>
    /// <returns>The batch's manifest, durably stored.</returns>
    /// <exception cref="InvalidInputException">The items have an error; the batch then does not exist.</exception>
    /// <exception cref="ArgumentException">The id is not one that a batch can have.</exception>
    public async Task<BatchManifest> TakeAsync(
        string batchId,
        BatchTarget target,
        BatchOptions options,
        IAsyncEnumerable<BatchItem> items,
        CancellationToken cancellationToken)
    {
        if (!BatchManifest.IsValidId(batchId))
        {
            throw new ArgumentException($"'{batchId}' is not a batch id: 1 to {BatchManifest.MaxIdLength} of A-Z a-z 0-9 - _ are allowed.", nameof(batchId));
        }

        using var content = new ContentHash();
        await store.WriteItemsAsync(batchId, content.PassAsync(items, cancellationToken), cancellationToken);
        var manifest = new BatchManifest
        {
            Id = batchId,
            Target = target,
            Options = options,
            ItemCount = content.Count,
            ItemsPerShard = BatchManifest.DefaultItemsPerShard,
            ContentSha256 = content.Finish(),
            CreatedAt = time.GetUtcNow(),
        };
        await store.WriteManifestAsync(manifest, cancellationToken);
        return manifest;
    }

    /// <summary>Says what a sequence of items is, without storing it: to know a batch again.</summary>
    /// <param name="items">The items.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The value that <see cref="BatchManifest.ContentSha256"/> has for a batch of these items.</returns>
    /// <exception cref="InvalidInputException">The items have an error.</exception>
    public static async Task<string> HashAsync(IAsyncEnumerable<BatchItem> items, CancellationToken cancellationToken)
    {
        using var content = new ContentHash();
        await foreach (var _ in content.PassAsync(items, cancellationToken))
        {
        }

        return content.Finish();
    }
}
