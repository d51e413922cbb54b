using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Serialization;
using Rollcall.Storage;

namespace Rollcall.Functions.Storage;

/// <summary>
/// A batch store in a container of an Azure storage account. Whatever was written once is not written over: a second write of the same
/// changes nothing, whichever process it comes from.
/// </summary>
sealed class BlobBatchStore : IBatchStore
{
    const int KeptManifests = 1000;
    const int DeletesAtOnce = 8;

    readonly BlobContainerClient container;
    readonly ShardInputCache inputs;
    readonly ConcurrentDictionary<string, BatchManifest> manifests = new(StringComparer.Ordinal);
    volatile bool isContainerThere;

    /// <summary>Makes a store.</summary>
    /// <param name="container">The container. It is created at the first batch.</param>
    public BlobBatchStore(BlobContainerClient container)
    {
        this.container = container;
        inputs = new ShardInputCache(name => ShardInput.OpenAsync(Blob(name)));
    }

    /// <inheritdoc/>
    public Task WriteItemsAsync(string batchId, IAsyncEnumerable<BatchItem> items, CancellationToken cancellationToken) =>
        GuardAsync(BlobName.Input(batchId, 0), async () =>
        {
            await EnsureContainerAsync(cancellationToken);
            int shard = 0;
            ShardInputWriter? writer = null;
            try
            {
                await foreach (var item in items.WithCancellation(cancellationToken))
                {
                    writer ??= new ShardInputWriter(Blob(BlobName.Input(batchId, shard)));
                    await writer.AddAsync(item, cancellationToken);
                    if (writer.Count == BatchManifest.DefaultItemsPerShard)
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
            }
            finally
            {
                await (writer?.DisposeAsync() ?? ValueTask.CompletedTask);
            }

            return true;
        });

    /// <inheritdoc/>
    public async ValueTask<BatchItem> ReadItemAsync(BatchManifest manifest, long index, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, manifest.ItemCount);
        int shard = (int)(index / manifest.ItemsPerShard);
        string name = BlobName.Input(manifest.Id, shard);
        return await GuardAsync(name, async () =>
        {
            var input = await inputs.GetAsync(name);
            return await input.ReadAsync((int)(index - manifest.FirstIndexOf(shard)), cancellationToken);
        });
    }

    /// <inheritdoc/>
    public Task WriteManifestAsync(BatchManifest manifest, CancellationToken cancellationToken) =>
        WriteJsonAsync(BlobName.Manifest(manifest.Id), manifest, RollcallJson.Indented.BatchManifest, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<BatchManifest?> FindManifestAsync(string batchId, CancellationToken cancellationToken)
    {
        if (manifests.TryGetValue(batchId, out var known))
        {
            return known;
        }

        var manifest = await FindJsonAsync(BlobName.Manifest(batchId), RollcallJson.Compact.BatchManifest, cancellationToken);
        if (manifest is not null)
        {
            if (manifests.Count >= KeptManifests)
            {
                manifests.Clear();
            }

            manifests[batchId] = manifest;
        }

        return manifest;
    }

    /// <inheritdoc/>
    public async Task<string> WriteBodyAsync(string batchId, int shard, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        string name = Guid.CreateVersion7().ToString("N");
        await WriteAsync(BlobName.Body(batchId, shard, name), write, cancellationToken);
        return name;
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenBodyAsync(string batchId, int shard, string name, CancellationToken cancellationToken)
    {
        string blob = BlobName.Body(batchId, shard, name);
        return await FindAsync(blob, cancellationToken) ?? throw new FileNotFoundException($"The body '{blob}' is not in the storage account.", blob);
    }

    /// <inheritdoc/>
    public Task DeleteBodiesAsync(string batchId, int shard, CancellationToken cancellationToken)
    {
        string prefix = BlobName.Bodies(batchId, shard);
        return GuardAsync(prefix, async () =>
        {
            var bodies = container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(bodies, parallel, async (body, token) => await Blob(body.Name).DeleteIfExistsAsync(cancellationToken: token));
            return true;
        });
    }

    /// <inheritdoc/>
    public Task WriteResultsAsync(string batchId, int shard, Func<Stream, Task> write, CancellationToken cancellationToken) =>
        WriteAsync(BlobName.Results(batchId, shard), write, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Stream?> OpenResultsAsync(string batchId, int shard, CancellationToken cancellationToken) =>
        new(FindAsync(BlobName.Results(batchId, shard), cancellationToken));

    /// <inheritdoc/>
    public Task WriteReceiptAsync(Receipt receipt, CancellationToken cancellationToken) =>
        WriteJsonAsync(BlobName.Receipt(receipt.BatchId), receipt, RollcallJson.Indented.Receipt, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Receipt?> FindReceiptAsync(string batchId, CancellationToken cancellationToken) =>
        new(FindJsonAsync(BlobName.Receipt(batchId), RollcallJson.Compact.Receipt, cancellationToken));

    BlockBlobClient Blob(string name) => container.GetBlockBlobClient(name);

    async Task EnsureContainerAsync(CancellationToken cancellationToken)
    {
        if (!isContainerThere)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            isContainerThere = true;
        }
    }

    Task<bool> WriteJsonAsync<T>(string name, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        WriteAsync(name, stream => JsonSerializer.SerializeAsync(stream, value, type, cancellationToken), cancellationToken);

    Task<bool> WriteAsync(string name, Func<Stream, Task> write, CancellationToken cancellationToken) => GuardAsync(name, async () =>
    {
        await using var writer = new BlockBlobWriter(Blob(name));
        await write(writer);
        return await writer.CommitAsync(head: default, metadata: null, cancellationToken);
    });

    async Task<T?> FindJsonAsync<T>(string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        await using var stream = await FindAsync(name, cancellationToken);
        return stream is null ? null : await JsonSerializer.DeserializeAsync(stream, type, cancellationToken);
    }

    Task<Stream?> FindAsync(string name, CancellationToken cancellationToken) => GuardAsync<Stream?>(name, async () =>
    {
        try
        {
            return (await Blob(name).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    });

    static async Task<T> GuardAsync<T>(string blob, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            throw StorageFailure.Of(blob, exception);
        }
    }
}
