using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Storage;

/// <summary>A batch store in a folder of the local disk: one folder a batch.</summary>
/// <param name="root">The folder. It is made when the first batch is written.</param>
public sealed class FileBatchStore(string root) : IBatchStore, IDisposable
{
    readonly ConcurrentDictionary<string, Lazy<ItemsFile>> itemsFiles = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, BatchManifest> manifests = new(StringComparer.Ordinal);
    readonly SemaphoreSlim newGate = new(1);

    /// <inheritdoc/>
    public async Task<string> WriteItemsAsync(string batchId, IAsyncEnumerable<BatchItem> items, int itemsPerShard, CancellationToken cancellationToken)
    {
        string name = Guid.CreateVersion7().ToString("N");
        string folder = FolderOf(batchId);
        Directory.CreateDirectory(Path.Combine(folder, "results"));
        Directory.CreateDirectory(Path.Combine(folder, "bodies"));
        try
        {
            await ItemsFile.WriteAsync(folder, name, items, cancellationToken);
        }
        catch
        {
            ItemsFile.Delete(folder, name);
            throw;
        }

        DurableFile.FlushFolder(folder);
        DurableFile.FlushFolder(root);
        return name;
    }

    /// <inheritdoc/>
    public Task DeleteItemsAsync(string batchId, string itemsName, CancellationToken cancellationToken)
    {
        ItemsFile.Delete(FolderOf(batchId), itemsName);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<BatchItem> ReadItemAsync(BatchManifest manifest, long index, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, manifest.ItemCount);
        var file = itemsFiles.GetOrAdd(manifest.Id, _ => CreateLazily(manifest)).Value;
        return ValueTask.FromResult(file.Read(index));
    }

    /// <inheritdoc/>
    public Task<bool> WriteManifestAsync(BatchManifest manifest, CancellationToken cancellationToken) =>
        WriteNewJsonAsync(manifest.Id, "manifest.json", manifest, RollcallJson.Indented.BatchManifest, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<BatchManifest?> FindManifestAsync(string batchId, CancellationToken cancellationToken)
    {
        if (manifests.TryGetValue(batchId, out var known))
        {
            return known;
        }

        var manifest = await FindJsonAsync(batchId, "manifest.json", RollcallJson.Compact.BatchManifest, cancellationToken);
        return manifest is null ? null : manifests.GetOrAdd(batchId, manifest);
    }

    /// <inheritdoc/>
    public async Task<string> WriteBodyAsync(string batchId, int shard, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        string name = Guid.CreateVersion7().ToString("N");
        Directory.CreateDirectory(BodiesOf(batchId, shard));
        await DurableFile.WriteAsync(Path.Combine(BodiesOf(batchId, shard), name), write);
        return name;
    }

    /// <inheritdoc/>
    public Task<Stream> OpenBodyAsync(string batchId, int shard, string name, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(File.OpenRead(Path.Combine(BodiesOf(batchId, shard), name)));

    /// <inheritdoc/>
    public Task DeleteBodiesAsync(string batchId, int shard, CancellationToken cancellationToken)
    {
        string folder = BodiesOf(batchId, shard);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WriteResultsAsync(string batchId, int shard, Func<Stream, Task> write, CancellationToken cancellationToken) =>
        DurableFile.WriteAsync(ResultsOf(batchId, shard), write);

    /// <inheritdoc/>
    public ValueTask<Stream?> OpenResultsAsync(string batchId, int shard, CancellationToken cancellationToken)
    {
        string path = ResultsOf(batchId, shard);
        return ValueTask.FromResult<Stream?>(File.Exists(path) ? File.OpenRead(path) : null);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<int> ListResultsAsync(string batchId, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(FolderOf(batchId), "results");
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.jsonl") : [];
        return files.Select(file => int.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture)).Order().ToAsyncEnumerable();
    }

    /// <inheritdoc/>
    public Task WriteReceiptAsync(Receipt receipt, CancellationToken cancellationToken) =>
        WriteJsonAsync(receipt.BatchId, "receipt.json", receipt, RollcallJson.Indented.Receipt);

    /// <inheritdoc/>
    public ValueTask<Receipt?> FindReceiptAsync(string batchId, CancellationToken cancellationToken) =>
        FindJsonAsync(batchId, "receipt.json", RollcallJson.Compact.Receipt, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> WriteRepairAsync(BatchRepair repair, CancellationToken cancellationToken) =>
        WriteNewJsonAsync(repair.BatchId, RepairName(repair.Number), repair, RollcallJson.Indented.BatchRepair, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BatchRepair?> FindRepairAsync(string batchId, int number, CancellationToken cancellationToken) =>
        FindJsonAsync(batchId, RepairName(number), RollcallJson.Compact.BatchRepair, cancellationToken);

    /// <inheritdoc/>
    public Task WriteFailureAsync(BatchFailure failure, CancellationToken cancellationToken) =>
        WriteNewJsonAsync(failure.BatchId, "failure.json", failure, RollcallJson.Indented.BatchFailure, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BatchFailure?> FindFailureAsync(string batchId, CancellationToken cancellationToken) =>
        FindJsonAsync(batchId, "failure.json", RollcallJson.Compact.BatchFailure, cancellationToken);

    /// <summary>The folder of one batch.</summary>
    /// <param name="batchId">The batch.</param>
    /// <returns>The folder's path.</returns>
    public string FolderOf(string batchId) => Path.Combine(root, batchId);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in itemsFiles.Values.Where(f => f.IsValueCreated))
        {
            file.Value.Dispose();
        }

        itemsFiles.Clear();
        newGate.Dispose();
    }

    // PublicationOnly, because the other modes keep a failure to open for good.
    Lazy<ItemsFile> CreateLazily(BatchManifest manifest) =>
        new(() => new ItemsFile(FolderOf(manifest.Id), manifest.ItemsName), LazyThreadSafetyMode.PublicationOnly);

    async Task<bool> WriteNewJsonAsync<T>(string batchId, string name, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        // One process has the folder, so a lock of its own is enough.
        await newGate.WaitAsync(cancellationToken);
        try
        {
            if (File.Exists(Path.Combine(FolderOf(batchId), name)))
            {
                return false;
            }

            await WriteJsonAsync(batchId, name, value, type);
            return true;
        }
        finally
        {
            newGate.Release();
        }
    }

    Task WriteJsonAsync<T>(string batchId, string name, T value, JsonTypeInfo<T> type) =>
        DurableFile.WriteAsync(Path.Combine(FolderOf(batchId), name), stream => JsonSerializer.SerializeAsync(stream, value, type));

    async ValueTask<T?> FindJsonAsync<T>(string batchId, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        string path = Path.Combine(FolderOf(batchId), name);
        if (!File.Exists(path))
        {
            return null;
        }

        await using var stream = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync(stream, type, cancellationToken);
    }

    string BodiesOf(string batchId, int shard) => Path.Combine(FolderOf(batchId), "bodies", ShardName(shard));

    string ResultsOf(string batchId, int shard) => Path.Combine(FolderOf(batchId), "results", ShardName(shard) + ".jsonl");

    static string RepairName(int number) => string.Create(CultureInfo.InvariantCulture, $"repair-{number}.json");

    static string ShardName(int shard) => shard.ToString("D6", CultureInfo.InvariantCulture);
}
