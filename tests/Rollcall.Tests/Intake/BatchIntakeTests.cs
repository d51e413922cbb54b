using System.Text;
using CsCheck;
using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Storage;
using Rollcall.Tests.Building;
using Rollcall.Validation;

namespace Rollcall.Tests.Intake;

public sealed class BatchIntakeTests : IDisposable
{
    static readonly DateTimeOffset CreatedAt = new(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);

    static readonly BatchTarget Target = new("http://127.0.0.1:1/", new Dictionary<string, TargetHeader>());

    readonly TemporaryFolder folder = new();
    readonly FileBatchStore store;

    public BatchIntakeTests() => store = new FileBatchStore(folder.Path);

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Batch_TakenIn_HasItsItemsAndManifestInTheStore()
    {
        var items = TestItems.Of(3);
        var manifest = await TakeAsync(items.ToAsyncEnumerable());
        Assert.Equal(3, manifest.ItemCount);
        Assert.Equal(CreatedAt, manifest.CreatedAt);
        Assert.Equal("""{"n":2}""", (await store.ReadItemAsync(manifest, 2, Cancelled)).Text());

        using var reopened = new FileBatchStore(folder.Path);
        Assert.Equal(manifest.ContentSha256, (await reopened.FindManifestAsync("b", Cancelled))?.ContentSha256);
    }

    [Fact]
    public async Task Batch_WhoseManifestWasWrittenTwiceAsAResponseWasLost_KeepsItsItems()
    {
        var retried = CallHook.Wrap<IBatchStore>(
            store,
            nameof(IBatchStore.WriteManifestAsync),
            call => WriteTwiceAsync((Task<bool>)call()!));
        static async Task<bool> WriteTwiceAsync(Task<bool> first) => !await first;

        var manifest = await new BatchIntake(retried).TakeAsync(
            "b",
            new BatchRequest("b", Target, new BatchOptions(), TestItems.Of(3).ToAsyncEnumerable()),
            CreatedAt,
            Cancelled);

        Assert.Equal(manifest.ItemsName, (await store.FindManifestAsync("b", Cancelled))!.ItemsName);
        Assert.Equal("item-2", (await store.ReadItemAsync(manifest, 2, Cancelled)).Id);
    }

    [Fact]
    public async Task Manifest_WhileItemsAreStillComing_IsNotThere()
    {
        bool[] isThere = [.. Enumerable.Repeat(true, 3)];
        async IAsyncEnumerable<BatchItem> ItemsAsync()
        {
            for (int i = 0; i < isThere.Length; i++)
            {
                isThere[i] = await store.FindManifestAsync("b", Cancelled) is not null;
                yield return TestItems.One();
            }
        }

        await TakeAsync(ItemsAsync());
        Assert.Equal([false, false, false], isThere);
    }

    [Fact]
    public async Task Intake_WithAWrongLine_LeavesNoManifest()
    {
        await using var stream = new MemoryStream("{}\n{}\nwrong\n"u8.ToArray());
        await Assert.ThrowsAsync<InvalidInputException>(() => TakeAsync(ReadLines.Of(stream)));
        Assert.Null(await store.FindManifestAsync("b", Cancelled));
    }

    [Fact]
    public async Task Intake_AfterOneThatFailed_TakesTheSameIdAnew()
    {
        await Assert.ThrowsAsync<IOException>(() => TakeAsync(TestItems.Of(5).ThenFail(new IOException("cut"))));
        var manifest = await TakeAsync(TestItems.Of(2).ToAsyncEnumerable());
        Assert.Equal(2, manifest.ItemCount);
        Assert.Equal("item-1", (await store.ReadItemAsync(manifest, 1, Cancelled)).Id);
    }

    [Fact]
    public async Task ContentSha256_OfTheSameItems_IsTheSameWithAndWithoutStoring()
    {
        var manifest = await TakeAsync(TestItems.Of(3).ToAsyncEnumerable());
        Assert.Equal(await HashAsync(TestItems.Of(3)), manifest.ContentSha256);
    }

    public static TheoryData<string, string?[], string?[]> DifferentBatches { get; } = new()
    {
        { "order", ["a", "1", "b", "2"], ["b", "2", "a", "1"] },
        { "id", ["a", "1"], ["b", "1"] },
        { "id that is missing", ["a", "1"], [null, "1"] },
        { "payload", ["a", "1"], ["a", "2"] },
        { "number format", ["a", "1"], ["a", "1.0"] },
        { "boundary of id and payload", ["a1", "2"], ["a", "12"] },
        { "id that stands in the payload", ["1", "2"], [null, "12"] },
        { "boundary of payloads", [null, "12", null, "3"], [null, "1", null, "23"] },
        { "one item more", [null, "1"], [null, "1", null, "1"] },
        { "one item for two", [null, "12"], [null, "1", null, "2"] },
    };

    [Theory]
    [MemberData(nameof(DifferentBatches))]
    public async Task ContentSha256_OfBatchesThatDiffer_Differs(string difference, string?[] one, string?[] other)
    {
        Assert.True(
            await HashAsync(Items(one)) != await HashAsync(Items(other)),
            $"Two batches that differ in their {difference} have one hash.");
    }

    [Fact]
    public async Task Items_OfAnyIdsAndPayloads_AreReadBackAtAnyIndex()
    {
        var text = Gen.Char["ab\"\\\n\0é€"].Array[1, 20].Select(characters => new string(characters));
        var item = Gen.Select(text.Null(), Gen.Byte.Array[0, 200], (id, payload) => new BatchItem(id, payload));
        int run = 0;
        await item.List[1, 50].SampleAsync(
            async items =>
            {
                string id = $"b{Interlocked.Increment(ref run)}";
                var manifest = await TakeAsync(items.ToAsyncEnumerable(), id);
                for (int index = items.Count - 1; index >= 0; index--)
                {
                    var read = await store.ReadItemAsync(manifest, index, Cancelled);
                    Assert.Equal(items[index].Id, read.Id);
                    Assert.Equal(items[index].Payload.ToArray(), read.Payload.ToArray());
                }
            },
            iter: 40,
            threads: 1);
    }

    [Fact]
    public async Task Items_WhoseFolderIsTakenAwayMeanwhile_AreAFailureOfTheStorage()
    {
        async IAsyncEnumerable<BatchItem> ItemsAsync()
        {
            yield return TestItems.One();
            Directory.Delete(store.FolderOf("b"), recursive: true);
            await Task.CompletedTask;
        }

        var failure = await Assert.ThrowsAsync<IOException>(() => TakeAsync(ItemsAsync()));
        Assert.Contains("batch 'b' are gone", failure.Message, StringComparison.Ordinal);
    }

    static IReadOnlyList<BatchItem> Items(string?[] idsAndPayloads) =>
        [.. idsAndPayloads.Chunk(2).Select(pair => new BatchItem(pair[0], Encoding.UTF8.GetBytes(pair[1]!)))];

    static Task<string> HashAsync(IReadOnlyList<BatchItem> items) => BatchIntake.HashAsync(items.ToAsyncEnumerable(), Cancelled);

    Task<BatchManifest> TakeAsync(IAsyncEnumerable<BatchItem> items, string id = "b") =>
        new BatchIntake(store).TakeAsync(id, new BatchRequest(id, Target, new BatchOptions(), items), CreatedAt, Cancelled);
}
