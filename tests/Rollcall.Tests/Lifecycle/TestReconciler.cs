using Microsoft.Extensions.Time.Testing;
using Rollcall.Batches;
using Rollcall.Lifecycle;
using Rollcall.Orchestration;
using Rollcall.Progress;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Lifecycle;

/// <summary>A reconciler over a store and a catalog on disk, and orchestrations that are as the test says.</summary>
sealed class TestReconciler : IDisposable
{
    readonly TemporaryFolder folder = new();

    public TestReconciler()
    {
        Store = new FileBatchStore(folder.File("batches"));
        Catalog = new FileBatchCatalog(folder.File("catalog"));
        Uploads = new FileUploads(UploadsFolder);
    }

    public RollcallOptions Options { get; } = new();

    public FileBatchStore Store { get; }

    public FileBatchCatalog Catalog { get; }

    public FileUploads Uploads { get; }

    /// <summary>The folder of the parts of inputs.</summary>
    public string UploadsFolder => folder.File("uploads");

    public FakeScheduler Scheduler { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Takes a batch in, as a process does that ends before it schedules it.</summary>
    public async Task AddAsync(string id)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        string itemsName = Guid.CreateVersion7().ToString("N");
        await Store.WriteItemsAsync(id, itemsName, TestItems.Of(1).ToAsyncEnumerable(), 1, Cancelled);
        await Catalog.AddAsync(id, Time.GetUtcNow(), Cancelled);
        await Store.WriteManifestAsync(TestBatch.ManifestOf(1) with { Id = id, ItemsName = itemsName, CreatedAt = Time.GetUtcNow() }, Cancelled);
    }

    public void Run(string id) => Scheduler.Executions[id] = new BatchExecution(BatchExecution.NoStatus, EndedAt: null, Failure: null);

    public void End(string id, string? failure, OutcomeCounts? counts = null, bool isTerminated = false)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        Scheduler.Executions[id] = new BatchExecution(BatchExecution.NoStatus with { Tally = new BatchTally { Counts = counts ?? new OutcomeCounts() } }, Time.GetUtcNow(), failure, isTerminated);
    }

    public Task SealAsync(string id) => Store.WriteReceiptAsync(
        new Receipt
        {
            BatchId = id,
            Run = 1,
            Items = 1,
            Outcomes = 1,
            Counts = new OutcomeCounts { Succeeded = 1 },
            Sha256 = "",
            ContentSha256 = "",
            CreatedAt = Time.GetUtcNow(),
            SealedAt = Time.GetUtcNow(),
            Shards = [],
        },
        Cancelled);

    /// <summary>Takes a batch in that has succeeded.</summary>
    public async Task AddEndedAsync(string id)
    {
        await AddAsync(id);
        await SealAsync(id);
        End(id, failure: null);
        await ReconcileAsync();
    }

    public BatchPurge Purge() => new(Store, Catalog, Time);

    public Task<bool> DeleteAsync(string id) => DeleteAsync(id, Purge(), Scheduler);

    public async Task<bool> DeleteAsync(string id, BatchPurge purge, IBatchScheduler scheduler)
    {
        var manifest = (await Store.FindManifestAsync(id, Cancelled))!;
        var deletion = await purge.BeginAsync(manifest, run: 1, (await Store.FindEndAsync(manifest, Cancelled))!, Cancelled);
        return await purge.ContinueAsync(deletion!, scheduler, TimeSpan.FromMinutes(1), Cancelled);
    }

    public void Break(string id) => File.WriteAllText(Path.Combine(Store.FolderOf(id), "receipt.json"), "{");

    public async Task<IReadOnlyList<ReconciledBatch>> ReconcileAsync(CancellationToken? stop = null)
    {
        var token = stop ?? Cancelled;
        return await new Reconciler(Store, Catalog, Time, Options).ReconcileAsync(Scheduler, token).ToListAsync(token);
    }

    public async Task<(bool IsOpen, ReconciledBatch? Found)> ReconcileOneAsync(string id) =>
        await new Reconciler(Store, Catalog, Time, Options).ReconcileAsync((await Store.FindManifestAsync(id, Cancelled))!, Scheduler, Cancelled);

    public async Task<IReadOnlyList<string>> OpenAsync() => await Catalog.ListOpenAsync(Cancelled).Select(entry => entry.BatchId).ToListAsync(Cancelled);

    public async Task<IReadOnlyList<string>> AllAsync() => await Catalog.ListAsync(after: null, Cancelled).Select(entry => entry.BatchId).ToListAsync(Cancelled);

    public ValueTask<BatchFailure?> FailureAsync(string id) => Store.FindFailureAsync(id, run: 1, Cancelled);

    public async Task<IReadOnlyList<int>> RepairsAsync(string id)
    {
        var numbers = new List<int>();
        for (int number = 1; await Store.FindRepairAsync(id, run: 1, number, Cancelled) is not null; number++)
        {
            numbers.Add(number);
        }

        return numbers;
    }

    public string[] FilesOf(string id) => Directory.GetFiles(Store.FolderOf(id), "*", SearchOption.AllDirectories);

    /// <summary>The files of a batch with their content.</summary>
    public IReadOnlyList<string> Snapshot(string id) =>
        [.. FilesOf(id).Order(StringComparer.Ordinal).Select(file => $"{file} {Convert.ToHexString(File.ReadAllBytes(file))}")];

    public void Dispose()
    {
        Store.Dispose();
        folder.Dispose();
    }
}
