using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Storage;

namespace Rollcall.Functions.Storage;

/// <summary>
/// The items of batches in a container of an Azure storage account: a blob for each shard, and one with the marks of their ids.
/// </summary>
sealed class ShardInputs(BatchContainer container)
{
    readonly ShardInputCache recent = new((name, items) => ShardInput.OpenAsync(container.Blob(name), items));

    /// <inheritdoc cref="IBatchStore.WriteItemsAsync"/>
    public Task WriteAsync(
        string batchId, string itemsName, IAsyncEnumerable<BatchItem> items, int itemsPerShard, CancellationToken cancellationToken) =>
        BatchContainer.GuardAsync(BlobName.Inputs(batchId, itemsName), async () =>
        {
            await container.EnsureAsync(cancellationToken);
            int shard = 0;
            ShardInputWriter? writer = null;
            await using var marks = new IdMarksWriter<BlockBlobWriter>(
                () => new BlockBlobWriter(container.Blob(BlobName.IdMarks(batchId, itemsName))));
            try
            {
                await foreach (var item in items.WithCancellation(cancellationToken))
                {
                    writer ??= new ShardInputWriter(container.Blob(BlobName.Input(batchId, itemsName, shard)));
                    await writer.AddAsync(item, cancellationToken);
                    await marks.AddAsync(item.Id, cancellationToken);
                    if (writer.Count == itemsPerShard)
                    {
                        await writer.CommitAsync(cancellationToken);
                        await writer.DisposeAsync();
                        writer = null;
                        shard++;
                    }
                }

                if (writer is not null)
                {
                    await writer.CommitAsync(cancellationToken);
                }

                if (await marks.FinishAsync(cancellationToken) is { } ids)
                {
                    await ids.CommitAsync(head: default, cancellationToken);
                }
            }
            finally
            {
                await (writer?.DisposeAsync() ?? ValueTask.CompletedTask);
            }

            return shard;
        });

    /// <inheritdoc cref="IBatchStore.DeleteItemsAsync"/>
    public Task DeleteAsync(string batchId, string itemsName, CancellationToken cancellationToken) =>
        container.DeleteAsync(BlobName.Inputs(batchId, itemsName), cancellationToken);

    /// <inheritdoc cref="IBatchStore.OpenIdMarksAsync"/>
    public async ValueTask<Stream> OpenIdMarksAsync(BatchManifest manifest, CancellationToken cancellationToken) =>
        await container.FindCheckedAsync(
            BlobName.IdMarks(manifest.Id, manifest.ItemsName),
            IdMarks.NameOf(manifest.Id),
            sha256: null,
            cancellationToken) ?? throw IdMarks.Damaged(manifest.Id, "it is gone");

    /// <summary>Reads from a shard's input.</summary>
    /// <param name="index">The item's index, from 0.</param>
    /// <param name="read">Reads from the input, which also gets the item's place in it.</param>
    public async ValueTask<T> ReadAsync<T>(BatchManifest manifest, long index, Func<ShardInput, int, ValueTask<T>> read)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, manifest.ItemCount);
        int shard = (int)(index / manifest.ItemsPerShard);
        string name = BlobName.Input(manifest.Id, manifest.ItemsName, shard);

        // A missing blob may be back at the next attempt, so it counts as a failure of the account. The batch is repaired when it is back.
        return await BatchContainer.GuardAsync(name, async () =>
            await read(await recent.GetAsync(name, manifest.ItemsIn(shard)), (int)(index - manifest.FirstIndexOf(shard))));
    }
}
