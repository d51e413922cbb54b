using System.Text;
using Microsoft.Extensions.Time.Testing;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Batches;

/// <summary>A process that has looked at a batch's control, and another one that changes it right after.</summary>
public sealed class StaleControlTests : IDisposable
{
    static readonly BatchManifest Manifest = new()
    {
        Id = "batch-1",
        Target = new BatchTarget("http://127.0.0.1:1/", new Dictionary<string, TargetHeader>()),
        Options = new BatchOptions(),
        ItemCount = 2,
        ItemsPerShard = 2,
        ItemsName = "1",
        ContentSha256 = new string('c', 64),
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    readonly TemporaryFolder folder = new();
    readonly FakeTimeProvider time = new();
    readonly FileBatchStore store;
    readonly BatchControls here;
    readonly BatchControls elsewhere;

    public StaleControlTests()
    {
        store = new FileBatchStore(folder.Path);
        here = new BatchControls(store, time);
        elsewhere = new BatchControls(store, time);
    }

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Rules_OfABatchThatWasCancelledAndRedrivenElsewhere_LetItsItemsGo()
    {
        await store.WriteItemsAsync(Manifest.Id, Manifest.ItemsName, TestItems.Of(2).ToAsyncEnumerable(), itemsPerShard: 100, Cancelled);
        await store.WriteManifestAsync(Manifest, Cancelled);
        await CancelElsewhereAsync();
        await RedriveElsewhereAsync(onlyCodes: null);

        Assert.Null((await here.GetRulesAsync(Manifest)).Stop);
    }

    [Fact]
    public async Task Selection_OfARedriveElsewhere_IsOfTheCodesThatWereAskedFor()
    {
        const string Lines = """
            {"index":0,"status":"failed","attempts":1,"durationMs":1,"error":{"code":"timeout","message":"m"}}
            {"index":1,"status":"failed","attempts":1,"durationMs":1,"error":{"code":"connect","message":"m"}}

            """;
        await store.WriteItemsAsync(Manifest.Id, Manifest.ItemsName, TestItems.Of(2).ToAsyncEnumerable(), itemsPerShard: 100, Cancelled);
        await store.WriteManifestAsync(Manifest, Cancelled);
        await store.WriteResultsAsync(Manifest.Id, run: 1, shard: 0, stream => stream.WriteAsync(Encoding.UTF8.GetBytes(Lines)).AsTask(), Cancelled);
        await CancelElsewhereAsync();
        await RedriveElsewhereAsync([ItemErrorCode.Connect]);

        var selected = await new SelectItems(store, here).RunAsync(TestBatch.AnyContext, new ShardAddress(Manifest.Id, Run: 2, Shard: 0));
        await RedriveElsewhereAsync([ItemErrorCode.Dns]);
        var done = await new FindWritten(store, here).RunAsync(TestBatch.AnyContext, new ShardRange(Manifest.Id, Run: 3, Start: 0, End: 1));

        Assert.Equal([1], selected);
        Assert.Equal([0], done.Shards);
    }

    async Task CancelElsewhereAsync()
    {
        await elsewhere.ChangeAsync(Manifest, control => control.Stopped(new BatchStop(StopKind.Cancelled, "Cancelled.", time.GetUtcNow())), Cancelled);
        Assert.NotNull((await here.GetAsync(Manifest)).Stop);
    }

    async Task RedriveElsewhereAsync(IReadOnlyList<ItemErrorCode>? onlyCodes) =>
        await elsewhere.ChangeAsync(Manifest, control => control.Redriven(time.GetUtcNow(), onlyCodes), Cancelled);
}
