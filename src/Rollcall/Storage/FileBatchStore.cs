using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Storage;

/// <summary>A batch store in a folder of the local disk: one subfolder per batch.</summary>
public sealed class FileBatchStore : IBatchStore, IDisposable
{
    readonly RecentEntries<string, BatchManifest> manifests = new(StringComparer.Ordinal);
    readonly string root;
    readonly BatchFiles files;
    readonly ItemsFiles itemsFiles;

    /// <summary>Opens the store.</summary>
    /// <param name="root">The folder. It is made when the first batch is written.</param>
    public FileBatchStore(string root)
    {
        this.root = root;
        files = new BatchFiles(root);
        itemsFiles = new ItemsFiles(root, files);
    }

    /// <inheritdoc/>
    public TimeSpan ManifestAge => TimeSpan.Zero;

    /// <inheritdoc/>
    public Task WriteItemsAsync(
        string batchId, string itemsName, IAsyncEnumerable<BatchItem> items, int itemsPerShard, CancellationToken cancellationToken) =>
        itemsFiles.WriteAsync(batchId, itemsName, items, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteItemsAsync(string batchId, string itemsName, CancellationToken cancellationToken) =>
        itemsFiles.DeleteAsync(batchId, itemsName);

    /// <inheritdoc/>
    public ValueTask<BatchItem> ReadItemAsync(BatchManifest manifest, long index, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, manifest.ItemCount);
        return ValueTask.FromResult(itemsFiles.ReadItem(manifest, index));
    }

    /// <inheritdoc/>
    public ValueTask<string?> ReadIdAsync(BatchManifest manifest, long index, CancellationToken cancellationToken) =>
        ValueTask.FromResult(itemsFiles.ReadId(manifest, index));

    /// <inheritdoc/>
    public ValueTask<Stream> OpenIdMarksAsync(BatchManifest manifest, CancellationToken cancellationToken) =>
        itemsFiles.OpenIdMarksAsync(manifest, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> WriteManifestAsync(BatchManifest manifest, CancellationToken cancellationToken) => files.LockAsync(
        // Under the same lock as deletion, so that no manifest names items that a deletion has removed.
        async () =>
        {
            if (File.Exists(PathOf(manifest.Id, FileName.Manifest)))
            {
                return false;
            }

            if (!ItemsFile.Exists(FolderOf(manifest.Id), manifest.ItemsName, manifest.HasIds))
            {
                throw new BatchGoneException(manifest.Id);
            }

            await files.WriteAsync(manifest.Id, FileName.Manifest, manifest, BatchesJson.Indented.BatchManifest);
            return true;
        },
        cancellationToken);

    /// <summary>
    /// Replaces how the items of a batch are sent: its options and its target's headers. The batch must not be running, because readers of
    /// the manifest could then use either version.
    /// </summary>
    /// <param name="manifest">The manifest, with the same items.</param>
    public Task ReplaceManifestAsync(BatchManifest manifest) => files.LockAsync(
        async () =>
        {
            await files.WriteAsync(manifest.Id, FileName.Manifest, manifest, BatchesJson.Indented.BatchManifest);
            return manifests.Remove(manifest.Id);
        },
        CancellationToken.None);

    /// <inheritdoc/>
    public ValueTask<BatchManifest?> FindManifestAsync(string batchId, CancellationToken cancellationToken) =>
        files.FindAsync(batchId, FileName.Manifest, BatchesJson.Compact.BatchManifest, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<BatchManifest> GetManifestAsync(string batchId)
    {
        if (manifests.Find(batchId) is { } known)
        {
            return known;
        }

        // Under the same lock as deletion, so that no deleted manifest is cached.
        return await files.LockAsync(
            async () => manifests.Keep(
                batchId,
                await FindManifestAsync(batchId, CancellationToken.None)
                    ?? throw new DamagedBatchException(batchId, $"{FileName.Manifest} is missing.")),
            CancellationToken.None);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string batchId, int most, CancellationToken cancellationToken) => files.LockAsync(
        () =>
        {
            manifests.Remove(batchId);
            itemsFiles.Close(batchId);
            return Task.FromResult(files.DeleteSome(batchId, first: FileName.Manifest, most, cancellationToken));
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<string> WriteBodyAsync(string batchId, int shard, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        string name = Guid.CreateVersion7().ToString("N");
        DurableFile.MakeFolder(PathOf(batchId, FileName.Bodies(shard)));
        await DurableFile.WriteAsync(PathOf(batchId, FileName.Body(shard, name)), write);
        return name;
    }

    /// <inheritdoc/>
    public Task<Stream?> FindBodyAsync(string batchId, int shard, string name, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(BatchFiles.Find(PathOf(batchId, FileName.Body(shard, name))));

    /// <inheritdoc/>
    public Task DeleteBodiesAsync(string batchId, int shard, CancellationToken cancellationToken)
    {
        string folder = PathOf(batchId, FileName.Bodies(shard));
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
                // Otherwise the next batch with this id would start out changed.
                throw new BatchGoneException(control.BatchId);
            }

            await files.WriteAsync(control.BatchId, FileName.Control, control, BatchesJson.Indented.BatchControl);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BatchControl?> FindControlAsync(string batchId, CancellationToken cancellationToken) =>
        files.FindAsync(batchId, FileName.Control, BatchesJson.Compact.BatchControl, cancellationToken);

    /// <inheritdoc/>
    public Task WriteResultsAsync(string batchId, int run, int shard, Func<Stream, Task> write, CancellationToken cancellationToken) =>
        BatchFiles.WriteAsync(PathOf(batchId, FileName.Results(run, shard)), stream => CheckedContent.WriteAsync(stream, write));

    /// <inheritdoc/>
    public async ValueTask<Stream?> OpenResultsAsync(
        string batchId, int run, int shard, string? sha256, CancellationToken cancellationToken)
    {
        string name = RunResults.NameOf(batchId, run, shard);
        try
        {
            return BatchFiles.Find(PathOf(batchId, FileName.Results(run, shard))) is { } file
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
        File.Delete(PathOf(batchId, FileName.Results(run, shard)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<int> ListResultsAsync(string batchId, int run, CancellationToken cancellationToken)
    {
        string folder = PathOf(batchId, FileName.ResultsOf(run));
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.jsonl") : [];
        return files.Select(file => FileName.ShardOf(Path.GetFileName(file))).OfType<int>().Order().ToAsyncEnumerable();
    }

    /// <inheritdoc/>
    public Task WriteReceiptAsync(Receipt receipt, CancellationToken cancellationToken) =>
        files.WriteAsync(receipt.BatchId, FileName.Receipt(receipt.Run), receipt, BatchesJson.Indented.Receipt);

    /// <inheritdoc/>
    public ValueTask<Receipt?> FindReceiptAsync(string batchId, int run, CancellationToken cancellationToken) =>
        files.FindAsync(batchId, FileName.Receipt(run), BatchesJson.Compact.Receipt, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> WriteRepairAsync(BatchRepair repair, CancellationToken cancellationToken) =>
        files.WriteNewAsync(
            repair.BatchId,
            FileName.Repair(repair.Run, repair.Number),
            repair,
            BatchesJson.Indented.BatchRepair,
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BatchRepair?> FindRepairAsync(string batchId, int run, int number, CancellationToken cancellationToken) =>
        files.FindAsync(batchId, FileName.Repair(run, number), BatchesJson.Compact.BatchRepair, cancellationToken);

    /// <inheritdoc/>
    public Task WriteFailureAsync(BatchFailure failure, CancellationToken cancellationToken) =>
        files.WriteNewAsync(failure.BatchId, FileName.Failure(failure.Run), failure, BatchesJson.Indented.BatchFailure, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BatchFailure?> FindFailureAsync(string batchId, int run, CancellationToken cancellationToken) =>
        files.FindAsync(batchId, FileName.Failure(run), BatchesJson.Compact.BatchFailure, cancellationToken);

    /// <inheritdoc/>
    public Task WriteNoticeAsync(string batchId, int run, NoticeStatus status, CancellationToken cancellationToken) =>
        files.WriteNewAsync(batchId, FileName.Notice(run), status, BatchesJson.Indented.NoticeStatus, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<NoticeStatus?> FindNoticeAsync(string batchId, int run, CancellationToken cancellationToken) =>
        files.FindAsync(batchId, FileName.Notice(run), BatchesJson.Compact.NoticeStatus, cancellationToken);

    /// <summary>The path of the folder of one batch.</summary>
    public string FolderOf(string batchId) => Path.Combine(root, batchId);

    /// <inheritdoc/>
    public void Dispose()
    {
        itemsFiles.Dispose();
        files.Dispose();
    }

    string PathOf(string batchId, string name) => Path.Combine(FolderOf(batchId), name);
}
