using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Lifecycle;
using Rollcall.Storage;
using Rollcall.Tests.Building;
using Rollcall.Validation;

namespace Rollcall.Tests.Lifecycle;

/// <summary>What an intake that broke off has stored is deleted; nothing else is.</summary>
public sealed class BrokenIntakesTests : IDisposable
{
    static readonly TimeSpan Limit = TimeSpan.FromDays(7);

    readonly TestReconciler reconciler = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => reconciler.Dispose();

    [Fact]
    public async Task Intake_ThatBrokeOff_IsDeletedAfterAWeekAndItsIdIsFree()
    {
        await BreakOffAsync("b");
        string left = Assert.Single(ItemFiles("b"), file => file.EndsWith(".data", StringComparison.Ordinal));
        Assert.Empty(await reconciler.ReconcileAsync());

        reconciler.Time.Advance(Limit + TimeSpan.FromSeconds(1));
        var found = Assert.Single(await reconciler.ReconcileAsync());

        Assert.Equal(("b", ReconcileAction.Discarded), (found.BatchId, found.Action));
        Assert.False(File.Exists(left));
        Assert.Empty(await reconciler.ReconcileAsync());
        await TakeAsync("b", TestItems.Of(2).ToAsyncEnumerable());
        Assert.NotNull(await reconciler.Store.FindManifestAsync("b", Cancelled));
    }

    [Fact]
    public async Task Intake_WhoseFolderIsGone_IsForgotten()
    {
        await BreakOffAsync("b");
        Directory.Delete(reconciler.Store.FolderOf("b"), recursive: true);
        reconciler.Time.Advance(Limit + TimeSpan.FromSeconds(1));

        Assert.Equal(ReconcileAction.Discarded, Assert.Single(await reconciler.ReconcileAsync()).Action);

        Assert.Empty(await reconciler.ReconcileAsync());
    }

    [Fact]
    public async Task Intake_ThatBrokeOffBesideOneThatDidNot_LeavesTheBatchWhole()
    {
        await BreakOffAsync("b");
        var manifest = await TakeAsync("b", TestItems.Of(3).ToAsyncEnumerable());
        reconciler.Time.Advance(Limit + TimeSpan.FromDays(1));

        await reconciler.ReconcileAsync();

        Assert.Equal(3, ItemFiles("b").Count);
        Assert.Equal("item-2", (await reconciler.Store.ReadItemAsync(manifest, 2, Cancelled)).Id);
    }

    [Fact]
    public async Task Intake_WhoseItemsHaveAnError_LeavesNothing()
    {
        static async IAsyncEnumerable<BatchItem> Wrong()
        {
            yield return new BatchItem(null, new byte[] { (byte)'1' });
            await Task.Yield();
            throw new InvalidInputException(InputError.AtLine(2, "is empty."));
        }

        await Assert.ThrowsAsync<InvalidInputException>(() => TakeAsync("b", Wrong()));

        Assert.Empty(ItemFiles("b"));
        Assert.Empty(await reconciler.Catalog.ListIntakesAsync(DateTimeOffset.MaxValue, Cancelled).ToListAsync(Cancelled));
    }

    [Fact]
    public async Task Intake_OfOneThatEnded_LeavesNoNote()
    {
        await TakeAsync("b", TestItems.Of(1).ToAsyncEnumerable());
        await TakeAsync("b", TestItems.Of(1).ToAsyncEnumerable());
        Assert.Empty(await reconciler.Catalog.ListIntakesAsync(DateTimeOffset.MaxValue, Cancelled).ToListAsync(Cancelled));
        Assert.Equal(3, ItemFiles("b").Count);
    }

    [Fact]
    public async Task Intake_ThatTakesLongerThanItsItemsAreKept_MakesNoBatch()
    {
        async IAsyncEnumerable<BatchItem> SlowAsync()
        {
            yield return new BatchItem(null, new byte[] { (byte)'1' });
            reconciler.Time.Advance(Limit + TimeSpan.FromSeconds(1));
            await reconciler.ReconcileAsync();
        }

        await Assert.ThrowsAsync<BatchDeletingException>(() => TakeAsync("b", SlowAsync()));

        Assert.Null(await reconciler.Store.FindManifestAsync("b", Cancelled));
    }

    Task<BatchManifest> TakeAsync(string id, IAsyncEnumerable<BatchItem> items) =>
        new BatchIntake(reconciler.Store, reconciler.Catalog).TakeAsync(
        id,
        new BatchRequest(id, new BatchTarget("http://127.0.0.1:9/", new Dictionary<string, TargetHeader>()), new BatchOptions(), items),
        reconciler.Time.GetUtcNow(),
        Cancelled);

    IReadOnlyList<string> ItemFiles(string id) => [.. Directory.GetFiles(reconciler.Store.FolderOf(id), "items.*")];

    // As a process does that ends: what it has written stays.
    async Task BreakOffAsync(string id)
    {
        var intake = new IntakeEntry(id, new string('f', 32), reconciler.Time.GetUtcNow());
        await reconciler.Catalog.BeginIntakeAsync(intake, Cancelled);
        await reconciler.Store.WriteItemsAsync(id, intake.ItemsName, TestItems.Of(1).ToAsyncEnumerable(), 100, Cancelled);
    }
}
