using System.Text.Json;
using CsCheck;
using Rollcall.Batches;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Batches;

public sealed class BatchManifestTests
{
    [Theory]
    [InlineData("con", false)]
    [InlineData("NUL", false)]
    [InlineData("Aux", false)]
    [InlineData("prn", false)]
    [InlineData("com1", false)]
    [InlineData("COM9", false)]
    [InlineData("lpt1", false)]
    [InlineData("LPT9", false)]
    [InlineData("con.txt", false)]
    [InlineData("com0", true)]
    [InlineData("com10", true)]
    [InlineData("cons", true)]
    [InlineData("con-1", true)]
    [InlineData("icon", true)]
    public void Id_ThatIsADeviceOnWindows_IsNone(string id, bool isValid) => Assert.Equal(isValid, BatchManifest.IsValidId(id));

    [Fact]
    public void Shards_OfAnyBatch_HoldEveryItemOnceInOrder()
    {
        Gen.Select(Gen.Long[0, 1_000_000], Gen.Int[1, 5000]).Sample(
            (items, itemsPerShard) =>
            {
                var manifest = TestBatch.ManifestOf(items, itemsPerShard);
                long next = 0;
                for (int shard = 0; shard < manifest.ShardCount(); shard++)
                {
                    Assert.Equal(next, manifest.FirstIndexOf(shard));
                    Assert.InRange(manifest.ItemsIn(shard), 1, itemsPerShard);
                    next += manifest.ItemsIn(shard);
                }

                Assert.Equal(items, next);
            },
            iter: 100);
    }

    [Theory]
    [InlineData(1, 100, 1)]
    [InlineData(100, 100, 1)]
    [InlineData(101, 100, 2)]
    [InlineData(10_000_000_000, 100, 100_000_000)]
    public void ShardCount_AtABoundary_HasRoomForTheLastItem(long items, int itemsPerShard, int shards)
    {
        Assert.Equal(shards, TestBatch.ManifestOf(items, itemsPerShard).ShardCount());
    }

    [Fact]
    public async Task Manifest_ReadBackByAnotherProcess_IsEqual()
    {
        var manifest = TestBatch.ManifestOf(12_345, itemsPerShard: 7) with
        {
            Target = new BatchTarget(
                "https://api.example.com/score?a=1&b=é",
                new Dictionary<string, TargetHeader>
                {
                    ["X-Tenant"] = new() { Value = "a \"b\"" },
                    ["Authorization"] = new() { Secret = "TOKEN" },
                }),
            Options = new BatchOptions
            {
                Concurrency = 7,
                TimeoutSeconds = 0.25,
                MaxBodyBytes = 12,
                FollowRedirects = true,
                KeepAlive = false,
                Retry = new RetryOptions { MaxAttempts = 2, FirstDelaySeconds = 0.5, MaxDelaySeconds = 3, OnTimeout = false },
            },
        };
        using var folder = new TemporaryFolder();
        using (var store = new Rollcall.Storage.FileBatchStore(folder.Path))
        {
            await store.WriteItemsAsync(manifest.Id, manifest.ItemsName, TestItems.Of(1).ToAsyncEnumerable(), itemsPerShard: 100, TestContext.Current.CancellationToken);
            await store.WriteManifestAsync(manifest, TestContext.Current.CancellationToken);
        }

        using var another = new Rollcall.Storage.FileBatchStore(folder.Path);
        Assert.Equivalent(manifest, await another.FindManifestAsync(manifest.Id, TestContext.Current.CancellationToken), strict: true);
    }

    [Fact]
    public void Json_OfAManifestWithSecrets_NamesThemAndHasNoValue()
    {
        var manifest = TestBatch.ManifestOf(1) with
        {
            Target = new BatchTarget(
                "https://api.example.com/",
                new Dictionary<string, TargetHeader> { ["Authorization"] = new() { Secret = "TOKEN", Value = "hunter2" } }),
        };
        string json = JsonSerializer.Serialize(manifest, BatchesJson.Compact.BatchManifest);
        Assert.Contains("""{"Authorization":{"secret":"TOKEN"}}""", json, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", json, StringComparison.Ordinal);
    }
}
