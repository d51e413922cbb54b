using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Storage;

namespace Rollcall.Tests.Building;

/// <summary>A store whose body streams go through a hook, which can watch them or make them fail.</summary>
sealed class HookedBatchStore(IBatchStore inner, Func<Stream, Stream> hook) : IBatchStore
{
    public Task<string> WriteBodyAsync(string batchId, int shard, Func<Stream, Task> write, CancellationToken cancellationToken) =>
        inner.WriteBodyAsync(batchId, shard, stream => write(hook(stream)), cancellationToken);

    public Task WriteItemsAsync(
        string batchId, string itemsName, IAsyncEnumerable<BatchItem> items, int itemsPerShard, CancellationToken cancellationToken) =>
        inner.WriteItemsAsync(batchId, itemsName, items, itemsPerShard, cancellationToken);

    public Task DeleteItemsAsync(string batchId, string itemsName, CancellationToken cancellationToken) =>
        inner.DeleteItemsAsync(batchId, itemsName, cancellationToken);

    public TimeSpan ManifestAge => inner.ManifestAge;

    public ValueTask<BatchManifest> GetManifestAsync(string batchId) => inner.GetManifestAsync(batchId);

    public Task<bool> DeleteAsync(string batchId, int most, CancellationToken cancellationToken) =>
        inner.DeleteAsync(batchId, most, cancellationToken);

    public ValueTask<BatchItem> ReadItemAsync(BatchManifest manifest, long index, CancellationToken cancellationToken) =>
        inner.ReadItemAsync(manifest, index, cancellationToken);

    public Task<bool> WriteManifestAsync(BatchManifest manifest, CancellationToken cancellationToken) =>
        inner.WriteManifestAsync(manifest, cancellationToken);

    public ValueTask<BatchManifest?> FindManifestAsync(string batchId, CancellationToken cancellationToken) =>
        inner.FindManifestAsync(batchId, cancellationToken);

    public ValueTask<string?> ReadIdAsync(BatchManifest manifest, long index, CancellationToken cancellationToken) =>
        inner.ReadIdAsync(manifest, index, cancellationToken);

    public ValueTask<Stream> OpenIdMarksAsync(BatchManifest manifest, CancellationToken cancellationToken) =>
        inner.OpenIdMarksAsync(manifest, cancellationToken);

    public Task<Stream?> FindBodyAsync(string batchId, int shard, string name, CancellationToken cancellationToken) =>
        inner.FindBodyAsync(batchId, shard, name, cancellationToken);

    public Task DeleteBodiesAsync(string batchId, int shard, CancellationToken cancellationToken) =>
        inner.DeleteBodiesAsync(batchId, shard, cancellationToken);

    public Task WriteResultsAsync(string batchId, int run, int shard, Func<Stream, Task> write, CancellationToken cancellationToken) =>
        inner.WriteResultsAsync(batchId, run, shard, write, cancellationToken);

    public ValueTask<Stream?> OpenResultsAsync(string batchId, int run, int shard, string? sha256, CancellationToken cancellationToken) =>
        inner.OpenResultsAsync(batchId, run, shard, sha256, cancellationToken);

    public Task DeleteResultsAsync(string batchId, int run, int shard, CancellationToken cancellationToken) =>
        inner.DeleteResultsAsync(batchId, run, shard, cancellationToken);

    public IAsyncEnumerable<int> ListResultsAsync(string batchId, int run, CancellationToken cancellationToken) =>
        inner.ListResultsAsync(batchId, run, cancellationToken);

    public Task WriteReceiptAsync(Receipt receipt, CancellationToken cancellationToken) =>
        inner.WriteReceiptAsync(receipt, cancellationToken);

    public ValueTask<Receipt?> FindReceiptAsync(string batchId, int run, CancellationToken cancellationToken) =>
        inner.FindReceiptAsync(batchId, run, cancellationToken);

    public Task<bool> WriteRepairAsync(BatchRepair repair, CancellationToken cancellationToken) =>
        inner.WriteRepairAsync(repair, cancellationToken);

    public ValueTask<BatchRepair?> FindRepairAsync(string batchId, int run, int number, CancellationToken cancellationToken) =>
        inner.FindRepairAsync(batchId, run, number, cancellationToken);

    public Task WriteFailureAsync(BatchFailure failure, CancellationToken cancellationToken) =>
        inner.WriteFailureAsync(failure, cancellationToken);

    public ValueTask<BatchFailure?> FindFailureAsync(string batchId, int run, CancellationToken cancellationToken) =>
        inner.FindFailureAsync(batchId, run, cancellationToken);

    public Task<bool> WriteControlAsync(BatchControl control, CancellationToken cancellationToken) =>
        inner.WriteControlAsync(control, cancellationToken);

    public ValueTask<BatchControl?> FindControlAsync(string batchId, CancellationToken cancellationToken) =>
        inner.FindControlAsync(batchId, cancellationToken);

    public Task WriteNoticeAsync(string batchId, int run, NoticeStatus status, CancellationToken cancellationToken) =>
        inner.WriteNoticeAsync(batchId, run, status, cancellationToken);

    public ValueTask<NoticeStatus?> FindNoticeAsync(string batchId, int run, CancellationToken cancellationToken) =>
        inner.FindNoticeAsync(batchId, run, cancellationToken);
}
