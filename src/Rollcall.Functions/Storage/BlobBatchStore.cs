using System.Globalization;
using System.Runtime.CompilerServices;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Storage;

namespace Rollcall.Functions.Storage;

/// <summary>A batch store in a container of an Azure storage account.</summary>
sealed class BlobBatchStore : IBatchStore
{
    readonly BatchContainer container;
    readonly BlobRecords records;
    readonly ShardInputs inputs;
    readonly TimeProvider time;
    readonly RecentEntries<string, KnownManifest> manifests = new(StringComparer.Ordinal);

    /// <summary>Creates a store.</summary>
    public BlobBatchStore(BatchContainer container, TimeProvider time)
    {
        this.container = container;
        records = new BlobRecords(container);
        this.time = time;
        inputs = new ShardInputs(container);
    }

    /// <inheritdoc/>
    public TimeSpan ManifestAge { get; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public Task WriteItemsAsync(
        string batchId, string itemsName, IAsyncEnumerable<BatchItem> items, int itemsPerShard, CancellationToken cancellationToken) =>
        inputs.WriteAsync(batchId, itemsName, items, itemsPerShard, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteItemsAsync(string batchId, string itemsName, CancellationToken cancellationToken) =>
        inputs.DeleteAsync(batchId, itemsName, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BatchItem> ReadItemAsync(BatchManifest manifest, long index, CancellationToken cancellationToken) =>
        inputs.ReadAsync(manifest, index, (input, item) => input.ReadAsync(item, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<string?> ReadIdAsync(BatchManifest manifest, long index, CancellationToken cancellationToken) =>
        inputs.ReadAsync(manifest, index, (input, item) => input.ReadIdAsync(item, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<Stream> OpenIdMarksAsync(BatchManifest manifest, CancellationToken cancellationToken) =>
        inputs.OpenIdMarksAsync(manifest, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> WriteManifestAsync(BatchManifest manifest, CancellationToken cancellationToken) =>
        records.WriteJsonAsync(BlobName.Manifest(manifest.Id), manifest, BatchesJson.Indented.BatchManifest, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BatchManifest?> FindManifestAsync(string batchId, CancellationToken cancellationToken) =>
        new(records.FindJsonAsync(batchId, BlobName.Manifest(batchId), BatchesJson.Compact.BatchManifest, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<BatchManifest> GetManifestAsync(string batchId)
    {
        if (manifests.Find(batchId) is { } known && time.GetElapsedTime(known.At) < ManifestAge)
        {
            return known.Manifest;
        }

        // Taken before the read, so that the cached manifest never seems newer than it is.
        long at = time.GetTimestamp();
        var manifest = await FindManifestAsync(batchId, CancellationToken.None)
            ?? throw new DamagedBatchException(batchId, "manifest.json is missing.");
        return manifests.Keep(batchId, new KnownManifest(manifest, at)).Manifest;
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string batchId, int most, CancellationToken cancellationToken)
    {
        await container.DeleteBlobAsync(BlobName.Manifest(batchId), cancellationToken);
        manifests.Remove(batchId);
        return most == 1 || await container.DeleteSomeAsync(BlobName.Batch(batchId), most - 1, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string> WriteBodyAsync(string batchId, int shard, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        string name = Guid.CreateVersion7().ToString("N");
        await container.WriteAsync(BlobName.Body(batchId, shard, name), write, cancellationToken);
        return name;
    }

    /// <inheritdoc/>
    public Task<Stream?> FindBodyAsync(string batchId, int shard, string name, CancellationToken cancellationToken) =>
        container.FindAsync(BlobName.Body(batchId, shard, name), cancellationToken);

    /// <inheritdoc/>
    public Task DeleteBodiesAsync(string batchId, int shard, CancellationToken cancellationToken) =>
        container.DeleteAsync(BlobName.Bodies(batchId, shard), cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> WriteControlAsync(BatchControl control, CancellationToken cancellationToken)
    {
        string name = BlobName.Control(control.BatchId);
        if (!await records.ReplaceJsonAsync(
            control.BatchId,
            name,
            control,
            before => (before?.Version ?? 0) == control.Version - 1,
            BatchesJson.Indented.BatchControl,
            cancellationToken))
        {
            return false;
        }

        // The first version replaces nothing, so it can be written after a deletion of the batch. The deletion's second sweep removes
        // it then.
        return control.Version > 1 || (await FindManifestAsync(control.BatchId, cancellationToken))?.CreatedAt == control.BatchCreatedAt
            ? true
            : throw new BatchGoneException(control.BatchId);
    }

    /// <inheritdoc/>
    public ValueTask<BatchControl?> FindControlAsync(string batchId, CancellationToken cancellationToken) =>
        new(records.FindJsonAsync(batchId, BlobName.Control(batchId), BatchesJson.Compact.BatchControl, cancellationToken));

    /// <inheritdoc/>
    public Task WriteResultsAsync(string batchId, int run, int shard, Func<Stream, Task> write, CancellationToken cancellationToken) =>
        container.WriteAsync(BlobName.Results(batchId, run, shard), stream => CheckedContent.WriteAsync(stream, write), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Stream?> OpenResultsAsync(string batchId, int run, int shard, string? sha256, CancellationToken cancellationToken) =>
        new(
            container.FindCheckedAsync(
                BlobName.Results(batchId, run, shard),
                RunResults.NameOf(batchId, run, shard),
                sha256,
                cancellationToken));

    /// <inheritdoc/>
    public Task DeleteResultsAsync(string batchId, int run, int shard, CancellationToken cancellationToken) =>
        container.DeleteBlobAsync(BlobName.Results(batchId, run, shard), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<int> ListResultsAsync(
        string batchId, int run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string name in container.ListAsync(BlobName.AllResults(batchId, run), cancellationToken))
        {
            // A blob with another name was not written by Rollcall.
            if (int.TryParse(Path.GetFileNameWithoutExtension(name), NumberStyles.None, CultureInfo.InvariantCulture, out int shard))
            {
                yield return shard;
            }
        }
    }

    /// <inheritdoc/>
    public Task WriteReceiptAsync(Receipt receipt, CancellationToken cancellationToken) =>
        records.WriteJsonAsync(BlobName.Receipt(receipt.BatchId, receipt.Run), receipt, BatchesJson.Indented.Receipt, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Receipt?> FindReceiptAsync(string batchId, int run, CancellationToken cancellationToken) =>
        new(records.FindJsonAsync(batchId, BlobName.Receipt(batchId, run), BatchesJson.Compact.Receipt, cancellationToken));

    /// <inheritdoc/>
    public Task<bool> WriteRepairAsync(BatchRepair repair, CancellationToken cancellationToken) =>
        records.WriteJsonAsync(
            BlobName.Repair(repair.BatchId, repair.Run, repair.Number),
            repair,
            BatchesJson.Indented.BatchRepair,
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BatchRepair?> FindRepairAsync(string batchId, int run, int number, CancellationToken cancellationToken) =>
        new(records.FindJsonAsync(batchId, BlobName.Repair(batchId, run, number), BatchesJson.Compact.BatchRepair, cancellationToken));

    /// <inheritdoc/>
    public Task WriteFailureAsync(BatchFailure failure, CancellationToken cancellationToken) =>
        records.WriteJsonAsync(
            BlobName.Failure(failure.BatchId, failure.Run),
            failure,
            BatchesJson.Indented.BatchFailure,
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BatchFailure?> FindFailureAsync(string batchId, int run, CancellationToken cancellationToken) =>
        new(records.FindJsonAsync(batchId, BlobName.Failure(batchId, run), BatchesJson.Compact.BatchFailure, cancellationToken));

    /// <inheritdoc/>
    public Task WriteNoticeAsync(string batchId, int run, NoticeStatus status, CancellationToken cancellationToken) =>
        records.WriteJsonAsync(BlobName.Notice(batchId, run), status, BatchesJson.Indented.NoticeStatus, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<NoticeStatus?> FindNoticeAsync(string batchId, int run, CancellationToken cancellationToken) =>
        new(records.FindJsonAsync(batchId, BlobName.Notice(batchId, run), BatchesJson.Compact.NoticeStatus, cancellationToken));

    /// <param name="At">When the reading began.</param>
    sealed record KnownManifest(BatchManifest Manifest, long At);
}
