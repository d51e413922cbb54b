using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Rollcall.Batches;
using Rollcall.Notices;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Notices;

/// <summary>A batch whose end somebody is to be told of, in a store on disk.</summary>
sealed class EndedBatch : IDisposable
{
    public const string Id = "batch-1";
    public const string SecretName = "NOTICES";
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    readonly TemporaryFolder folder = new();

    public EndedBatch() => Store = new FileBatchStore(folder.Path);

    public FileBatchStore Store { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public BatchManifest Manifest { get; private set; } = new()
    {
        Id = Id,
        Target = new BatchTarget("http://127.0.0.1:1/", new Dictionary<string, TargetHeader>()),
        Options = new BatchOptions(),
        ItemCount = 3,
        ItemsPerShard = 100,
        ItemsName = "1",
        ContentSha256 = new string('c', 64),
        CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 0, TimeSpan.Zero),
    };

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async Task StoreAsync(OnCompleted? whom)
    {
        Manifest = Manifest with { OnCompleted = whom };
        await Store.WriteItemsAsync(Id, "1", TestItems.Of(3).ToAsyncEnumerable(), 100, Cancelled);
        await Store.WriteManifestAsync(Manifest, Cancelled);
    }

    public Task SealAsync(int run = 1, BatchStop? stop = null) => Store.WriteReceiptAsync(
        new Receipt
        {
            BatchId = Id,
            Run = run,
            Stop = stop,
            Items = 3,
            Outcomes = 3,
            Counts = new OutcomeCounts { Succeeded = 2, Failed = 1 },
            Sha256 = new string('a', 64),
            ContentSha256 = Manifest.ContentSha256,
            CreatedAt = Manifest.CreatedAt,
            SealedAt = Time.GetUtcNow(),
            Shards = [],
        },
        Cancelled);

    public Task FailAsync(string reason) =>
        Store.WriteFailureAsync(new BatchFailure(Id, 1, reason, Time.GetUtcNow(), new OutcomeCounts { Succeeded = 1 }), Cancelled);

    public async Task<JsonElement> NoticeAsync(int run = 1) =>
        JsonDocument.Parse((await Notice.CreateAsync(Store, Manifest, run)).Body).RootElement;

    public void Dispose()
    {
        Store.Dispose();
        folder.Dispose();
    }
}
