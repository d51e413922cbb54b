using System.Collections.Concurrent;
using System.Globalization;
using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Storage;

/// <summary>A batch store in a folder of the local disk: one folder a batch.</summary>
/// <param name="root">The folder. It is made when the first batch is written.</param>
public sealed class FileBatchStore(string root) : IBatchStore, IDisposable
{
    const int KeptManifests = 1000;
    const string ManifestName = "manifest.json";

    readonly OpenItems openItems = new();
    readonly ConcurrentDictionary<string, BatchManifest> manifests = new(StringComparer.Ordinal);
    readonly BatchFiles files = new(root);

    /// <inheritdoc/>
    public TimeSpan ManifestAge => TimeSpan.Zero;

    /// <inheritdoc/>
    public async Task WriteItemsAsync(string batchId, string itemsName, IAsyncEnumerable<BatchItem> items, int itemsPerShard, CancellationToken cancellationToken)
    {
        string folder = FolderOf(batchId);
        try
        {
            DurableFile.MakeFolder(Path.Combine(folder, "results"));
            DurableFile.MakeFolder(Path.Combine(folder, "bodies"));
            await ItemsFile.WriteAsync(folder, itemsName, items, cancellationToken);
            DurableFile.FlushFolder(folder);
        }
        catch (Exception exception)
        {
            ItemsFile.Delete(folder, itemsName);
            if (exception is DirectoryNotFoundException or FileNotFoundException && Directory.Exists(root))
            {
                throw new BatchGoneException(batchId);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public Task DeleteItemsAsync(string batchId, string itemsName, CancellationToken cancellationToken)
    {
        string folder = FolderOf(batchId);
        if (Directory.Exists(folder))
        {
            ItemsFile.Delete(folder, itemsName);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<BatchItem> ReadItemAsync(BatchManifest manifest, long index, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, manifest.ItemCount);
        return ReadItems(manifest, index, file => file.Read(index));
    }

    /// <inheritdoc/>
    public ValueTask<string?> ReadIdAsync(BatchManifest manifest, long index, CancellationToken cancellationToken) =>
        ReadItems(manifest, index, file => file.ReadId(index));

    /// <inheritdoc/>
    public Task<bool> WriteManifestAsync(BatchManifest manifest, CancellationToken cancellationToken) => files.LockAsync(
        // With the lock of the deletion, so that no manifest names items that one has taken away.
        async () =>
        {
            string folder = FolderOf(manifest.Id);
            if (File.Exists(Path.Combine(folder, ManifestName)))
            {
                return false;
            }

            if (!ItemsFile.Exists(folder, manifest.ItemsName))
            {
                throw new BatchGoneException(manifest.Id);
            }

            await files.WriteAsync(manifest.Id, ManifestName, manifest, BatchesJson.Indented.BatchManifest);
            return true;
        },
        cancellationToken);

    /// <summary>
    /// Replaces how the items of a batch are sent: its options and its target's headers. The batch must not run, as what reads the manifest
    /// while it does may go by either.
    /// </summary>
    /// <param name="manifest">The manifest, with the same items.</param>
    /// <returns>A task that ends when it is stored.</returns>
    public Task ReplaceManifestAsync(BatchManifest manifest) => files.LockAsync(
        async () =>
        {
            await files.WriteAsync(manifest.Id, ManifestName, manifest, BatchesJson.Indented.BatchManifest);
            return manifests.TryRemove(manifest.Id, out _);
        },
        CancellationToken.None);

    /// <inheritdoc/>
    public ValueTask<BatchManifest?> FindManifestAsync(string batchId, CancellationToken cancellationToken) =>
        files.FindAsync(batchId, ManifestName, BatchesJson.Compact.BatchManifest, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<BatchManifest> GetManifestAsync(string batchId)
    {
        if (manifests.TryGetValue(batchId, out var known))
        {
            return known;
        }

        // With the lock of the deletion, so that none is kept that is gone.
        return await files.LockAsync(
            async () =>
            {
                var manifest = await FindManifestAsync(batchId, CancellationToken.None)
                    ?? throw new DamagedBatchException(batchId, $"{ManifestName} is missing.");
                if (manifests.Count >= KeptManifests)
                {
                    manifests.Clear();
                }

                return manifests[batchId] = manifest;
            },
            CancellationToken.None);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string batchId, int most, CancellationToken cancellationToken) => files.LockAsync(
        () =>
        {
            Forget(batchId);
            return Task.FromResult(files.DeleteSome(batchId, first: ManifestName, most, cancellationToken));
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<string> WriteBodyAsync(string batchId, int shard, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        string name = Guid.CreateVersion7().ToString("N");
        DurableFile.MakeFolder(BodiesOf(batchId, shard));
        await DurableFile.WriteAsync(Path.Combine(BodiesOf(batchId, shard), name), write);
        return name;
    }

    /// <inheritdoc/>
    public Task<Stream?> FindBodyAsync(string batchId, int shard, string name, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(BatchFiles.Find(Path.Combine(BodiesOf(batchId, shard), name)));

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
    public Task<bool> WriteControlAsync(BatchControl control, CancellationToken cancellationToken) => files.LockAsync(
        async () =>
        {
            if (((await FindControlAsync(control.BatchId, cancellationToken))?.Version ?? 0) != control.Version - 1)
            {
                return false;
            }

            if ((await FindManifestAsync(control.BatchId, cancellationToken))?.CreatedAt != control.BatchCreatedAt)
            {
                // The next batch of the id would be found changed before its start.
                throw new BatchGoneException(control.BatchId);
            }

            await files.WriteAsync(control.BatchId, "control.json", control, BatchesJson.Indented.BatchControl);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BatchControl?> FindControlAsync(string batchId, CancellationToken cancellationToken) =>
        files.FindAsync(batchId, "control.json", BatchesJson.Compact.BatchControl, cancellationToken);

    /// <inheritdoc/>
    public Task WriteResultsAsync(string batchId, int run, int shard, Func<Stream, Task> write, CancellationToken cancellationToken) =>
        BatchFiles.WriteAsync(ResultsOf(batchId, run, shard), stream => CheckedContent.WriteAsync(stream, write));

    /// <inheritdoc/>
    public async ValueTask<Stream?> OpenResultsAsync(string batchId, int run, int shard, string? sha256, CancellationToken cancellationToken)
    {
        string name = RunResults.NameOf(batchId, run, shard);
        try
        {
            return BatchFiles.Find(ResultsOf(batchId, run, shard)) is { } file
                ? await CheckedContent.OpenAsync(file, file.Length, name, sha256, cancellationToken)
                : null;
        }
        catch (Exception exception) when (exception is not DamagedDataException && files.IsOfOneBatch(exception))
        {
            throw new DamagedDataException($"{name} is damaged: its results cannot be read: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public Task DeleteResultsAsync(string batchId, int run, int shard, CancellationToken cancellationToken)
    {
        File.Delete(ResultsOf(batchId, run, shard));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<int> ListResultsAsync(string batchId, int run, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(RunFolderOf(batchId, run), "results");
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.jsonl") : [];
        return files.Select(file => ShardOf(Path.GetFileNameWithoutExtension(file))).OfType<int>().Order().ToAsyncEnumerable();
    }

    /// <inheritdoc/>
    public Task WriteReceiptAsync(Receipt receipt, CancellationToken cancellationToken) =>
        files.WriteAsync(receipt.BatchId, NameIn(receipt.Run, "receipt.json"), receipt, BatchesJson.Indented.Receipt);

    /// <inheritdoc/>
    public ValueTask<Receipt?> FindReceiptAsync(string batchId, int run, CancellationToken cancellationToken) =>
        files.FindAsync(batchId, NameIn(run, "receipt.json"), BatchesJson.Compact.Receipt, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> WriteRepairAsync(BatchRepair repair, CancellationToken cancellationToken) =>
        files.WriteNewAsync(repair.BatchId, RepairName(repair.Run, repair.Number), repair, BatchesJson.Indented.BatchRepair, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BatchRepair?> FindRepairAsync(string batchId, int run, int number, CancellationToken cancellationToken) =>
        files.FindAsync(batchId, RepairName(run, number), BatchesJson.Compact.BatchRepair, cancellationToken);

    /// <inheritdoc/>
    public Task WriteFailureAsync(BatchFailure failure, CancellationToken cancellationToken) =>
        files.WriteNewAsync(failure.BatchId, NameIn(failure.Run, "failure.json"), failure, BatchesJson.Indented.BatchFailure, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BatchFailure?> FindFailureAsync(string batchId, int run, CancellationToken cancellationToken) =>
        files.FindAsync(batchId, NameIn(run, "failure.json"), BatchesJson.Compact.BatchFailure, cancellationToken);

    /// <inheritdoc/>
    public Task WriteNoticeAsync(string batchId, int run, NoticeStatus status, CancellationToken cancellationToken) =>
        files.WriteNewAsync(batchId, NoticeName(run), status, BatchesJson.Indented.NoticeStatus, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<NoticeStatus?> FindNoticeAsync(string batchId, int run, CancellationToken cancellationToken) =>
        files.FindAsync(batchId, NoticeName(run), BatchesJson.Compact.NoticeStatus, cancellationToken);

    /// <summary>The folder of one batch.</summary>
    /// <param name="batchId">The batch.</param>
    /// <returns>The folder's path.</returns>
    public string FolderOf(string batchId) => Path.Combine(root, batchId);

    /// <inheritdoc/>
    public void Dispose()
    {
        openItems.Dispose();
        files.Dispose();
    }

    void Forget(string batchId)
    {
        manifests.TryRemove(batchId, out _);
        openItems.Close(FolderOf(batchId));
    }

    string BodiesOf(string batchId, int shard) => Path.Combine(FolderOf(batchId), "bodies", ShardName(shard));

    string ResultsOf(string batchId, int run, int shard) => Path.Combine(RunFolderOf(batchId, run), "results", ShardName(shard) + ".jsonl");

    string RunFolderOf(string batchId, int run) => Path.Combine(FolderOf(batchId), NameIn(run, ""));

    static string RepairName(int run, int number) => NameIn(run, string.Create(CultureInfo.InvariantCulture, $"repair-{number}.json"));

    static string NoticeName(int run) => Path.Combine("notices", string.Create(CultureInfo.InvariantCulture, $"{run}.json"));

    static string NameIn(int run, string name) => run == 1 ? name : Path.Combine("runs", run.ToString(CultureInfo.InvariantCulture), name);

    // Null for a file that somebody else has put there.
    static int? ShardOf(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int shard) && name == ShardName(shard) ? shard : null;

    static string ShardName(int shard) => shard.ToString("D6", CultureInfo.InvariantCulture);

    ValueTask<T> ReadItems<T>(BatchManifest manifest, long index, Func<ItemsFile, T> read)
    {
        try
        {
            return ValueTask.FromResult(openItems.Read(FolderOf(manifest.Id), manifest.ItemsName, read));
        }
        catch (Exception exception) when (exception is not DamagedDataException && files.IsOfOneBatch(exception))
        {
            throw new DamagedBatchException(manifest.Id, $"item {index} cannot be read from its items: {exception.Message}", exception);
        }
    }
}
