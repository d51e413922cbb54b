using System.Text;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.Extensions.Time.Testing;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Progress;
using Rollcall.Storage;

namespace Rollcall.Tests.Building;

/// <summary>A batch in a store on disk, with the activities that complete it.</summary>
sealed class TestBatch : IDisposable
{
    public const string Id = "batch-1";

    readonly TemporaryFolder folder = new();

    TestBatch(BatchManifest manifest)
    {
        Manifest = manifest;
        Store = new FileBatchStore(folder.Path);
        Controls = new BatchControls(Store, Time);
    }

    public BatchManifest Manifest { get; private set; }

    public FileBatchStore Store { get; }

    /// <summary>The batch's control.</summary>
    public BatchControls Controls { get; }

    public BatchProgress Progress { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public static TaskActivityContext AnyContext { get; } = new ActivityContext();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static BatchManifest ManifestOf(long items, int itemsPerShard = BatchManifest.DefaultItemsPerShard) => new()
    {
        Id = Id,
        Target = new BatchTarget("http://127.0.0.1:1/", new Dictionary<string, TargetHeader>()),
        Options = new BatchOptions(),
        ItemCount = items,
        ItemsPerShard = itemsPerShard,
        ItemsName = "1",
        ContentSha256 = new string('c', 64),
        CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 0, TimeSpan.Zero),
    };

    public static Task<TestBatch> Of(
        int items, int itemsPerShard = 2, string url = "http://127.0.0.1:1/", RecordOptions? record = null) =>
        Of(TestItems.Of(items), items, itemsPerShard, url, record);

    /// <summary>A batch of one shard.</summary>
    public static Task<TestBatch> Of(IReadOnlyList<BatchItem> items, RecordOptions record) =>
        Of(items, items.Count, itemsPerShard: items.Count, "http://127.0.0.1:1/", record);

    static async Task<TestBatch> Of(IEnumerable<BatchItem> items, int count, int itemsPerShard, string url, RecordOptions? record)
    {
        var batch = new TestBatch(
            ManifestOf(count, itemsPerShard) with
            {
                Target = new BatchTarget(url, new Dictionary<string, TargetHeader>()),
                Options = new BatchOptions { Record = record ?? new() },
            });
        string itemsName = Guid.CreateVersion7().ToString("N");
        await batch.Store.WriteItemsAsync(Id, itemsName, items.ToAsyncEnumerable(), itemsPerShard, Cancelled);
        batch.Manifest = batch.Manifest with { ItemsName = itemsName, HasIds = true };
        await batch.Store.WriteManifestAsync(batch.Manifest, Cancelled);
        return batch;
    }

    public IReadOnlyList<ItemOutcome> OutcomesOf(int shard) =>
        [.. Enumerable.Range(0, Manifest.ItemsIn(shard)).Select(i => TestOutcome.Succeeded(Manifest.FirstIndexOf(shard) + i))];

    public async Task<BatchTally> WriteShardAsync(int shard, IReadOnlyList<ItemOutcome>? outcomes = null, int run = 1)
    {
        var written = await TryWriteShardAsync(shard, outcomes, run);
        return written.Tally ?? throw new InvalidOperationException($"The answers of items {string.Join(", ", written.Lost)} are lost.");
    }

    public Task<WrittenShard> TryWriteShardAsync(int shard, IReadOnlyList<ItemOutcome>? outcomes = null, int run = 1) =>
        new WriteShard(Store, Progress).RunAsync(AnyContext, new ShardOutcomes(Id, run, shard, outcomes ?? OutcomesOf(shard)));

    public async Task WriteAllShardsAsync()
    {
        for (int shard = 0; shard < Manifest.ShardCount(); shard++)
        {
            await WriteShardAsync(shard);
        }
    }

    public async Task<SealedBatch> SealAsync(int run = 1)
    {
        var result = await TrySealAsync(run);
        return result.Whole ?? throw new InvalidOperationException(result.Lost[0].Reason);
    }

    public Task<SealResult> TrySealAsync(int run = 1) => TrySealAsync(Store, run);

    public Task<SealResult> TrySealAsync(IBatchStore store, int run = 1) =>
        new SealBatch(store, Controls, Time).RunAsync(AnyContext, new BatchRunAddress(Id, run));

    public async Task<Receipt> ReceiptAsync(int run = 1) =>
        await Store.FindReceiptAsync(Id, run, Cancelled) ?? throw new InvalidOperationException("The sealed batch has no receipt.");

    public async Task<byte[]> ResultsOfAsync(int shard, int run = 1)
    {
        await using var stream = await RunResults.OpenAsync(Store, Id, run, shard, receipt: null, Cancelled)
            ?? throw new InvalidOperationException($"Shard {shard} has no results.");
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Cancelled);
        return copy.ToArray();
    }

    public Task ReplaceResultsAsync(int shard, string text) =>
        Store.WriteResultsAsync(Id, run: 1, shard, stream => stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask(), Cancelled);

    public async Task<IReadOnlyList<string>> LinesOfAsync(int shard, int run = 1) =>
        Encoding.UTF8.GetString(await ResultsOfAsync(shard, run)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async Task<IReadOnlyList<JsonElement>> ResultsAsync(int run = 1)
    {
        var lines = new List<JsonElement>();
        for (int shard = 0; shard < Manifest.ShardCount(); shard++)
        {
            lines.AddRange((await LinesOfAsync(shard, run)).Select(line => JsonElement.Parse(line)));
        }

        return lines;
    }

    public async Task<ItemBody> StoreBodyAsync(int shard, byte[] bytes, bool isText)
    {
        string name = await Store.WriteBodyAsync(Id, shard, stream => stream.WriteAsync(bytes).AsTask(), Cancelled);
        return TestOutcome.Stored(name, bytes, isText);
    }

    /// <summary>A file of the stored items: data, index or ids.</summary>
    public string ItemsPath(string kind) => Path.Combine(Store.FolderOf(Id), $"items.{Manifest.ItemsName}.{kind}");

    /// <summary>A shard's stored results.</summary>
    public string ResultsPath(int shard, int run = 1) =>
        Path.Combine(Store.FolderOf(Id), run == 1 ? "" : Path.Combine("runs", $"{run}"), "results", $"{shard:D6}.jsonl");

    public void Dispose()
    {
        Store.Dispose();
        folder.Dispose();
    }

    sealed class ActivityContext : TaskActivityContext
    {
        public override TaskName Name => nameof(TestBatch);

        public override string InstanceId => Id;
    }
}
