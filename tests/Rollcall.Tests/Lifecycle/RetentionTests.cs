using Rollcall.Batches;
using Rollcall.Lifecycle;
using Rollcall.Orchestration;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Lifecycle;

public sealed class RetentionTests : IDisposable
{
    readonly TestReconciler world = new();
    readonly RollcallOptions options = new() { RetentionDays = 1.5 };

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task Batches_ThatEndedLongerAgo_AreDeletedAndTheOthersKept()
    {
        await world.AddEndedAsync("old");
        await world.AddAsync("running");
        world.Run("running");
        world.Time.Advance(TimeSpan.FromDays(1));
        await world.AddEndedAsync("young");
        world.Time.Advance(TimeSpan.FromDays(0.6));

        var purged = Assert.Single(await PassAsync());

        Assert.Equal(new PurgedBatch("old", Error: null), purged);
        Assert.Equal(["young", "running"], await world.Catalog.IdsAsync(CatalogList.All));
        Assert.Empty(await PassAsync());
    }

    [Fact]
    public async Task Batches_WithoutASetting_AreKept()
    {
        options.RetentionDays = null;
        await world.AddEndedAsync("old");
        world.Time.Advance(TimeSpan.FromDays(10_000));

        Assert.Empty(await PassAsync());

        Assert.Equal(["old"], await world.Catalog.IdsAsync(CatalogList.All));
    }

    [Fact]
    public async Task Pass_WithNothingToDelete_LooksAtNoBatch()
    {
        for (int i = 0; i < 20; i++)
        {
            await world.AddEndedAsync($"b{i}");
        }

        int looks = world.Scheduler.Looks;
        Assert.Empty(await PassAsync());
        Assert.Equal(looks, world.Scheduler.Looks);
    }

    [Fact]
    public async Task Batch_RedrivenSince_IsKeptUntilItsLastEndIsOldEnough()
    {
        await world.AddEndedAsync("b");
        var manifest = (await world.Store.FindManifestAsync("b", Cancelled))!;
        world.Time.Advance(TimeSpan.FromDays(2));

        // As if the process had ended before it took the note of the first end away.
        await world.Store.WriteControlAsync(BatchControl.Of(manifest).Redriven(world.Time.GetUtcNow(), onlyCodes: null), Cancelled);

        Assert.Empty(await PassAsync());
        Assert.NotNull(await world.Store.FindManifestAsync("b", Cancelled));
        Assert.Empty(await world.Catalog.ListEndedAsync(DateTimeOffset.MaxValue, Cancelled).ToListAsync(Cancelled));
    }

    [Fact]
    public async Task Reopened_Batch_IsNeitherListedAsEndedNorDeleted()
    {
        await world.AddEndedAsync("b");
        var manifest = (await world.Store.FindManifestAsync("b", Cancelled))!;
        var end = (await world.Store.FindEndAsync(manifest, Cancelled))!;
        await world.Catalog.ReopenAsync(new CatalogEntry("b", manifest.CreatedAt), end, Cancelled);
        world.Time.Advance(TimeSpan.FromDays(2));

        Assert.Empty(await PassAsync());

        Assert.Equal(["b"], await world.Catalog.IdsAsync(CatalogList.Open));
        Assert.Empty(await world.Catalog.IdsAsync(CatalogList.Ended(EndKind.Completed)));
    }

    [Fact]
    public async Task Rejections_ThatAreOlder_AreRemoved()
    {
        await world.Catalog.AddRejectionAsync(new Rejection("old", world.Time.GetUtcNow(), "bad"), Cancelled);
        world.Time.Advance(TimeSpan.FromDays(1));
        await world.Catalog.AddRejectionAsync(new Rejection("young", world.Time.GetUtcNow(), "bad"), Cancelled);
        world.Time.Advance(TimeSpan.FromDays(1));

        Assert.Empty(await PassAsync());

        Assert.Equal(["young"], await world.Catalog.IdsAsync(CatalogList.Rejections));
    }

    [Fact]
    public async Task Batch_ThatCannotBeDeleted_IsToldOfAndDoesNotKeepTheOthers()
    {
        await world.AddEndedAsync("broken");
        await world.AddEndedAsync("old");
        world.Time.Advance(TimeSpan.FromDays(2));
        int calls = 0;
        var failing = CallHook.Wrap<IBatchScheduler>(
            world.Scheduler,
            nameof(IBatchScheduler.PurgeAsync),
            purge => calls++ == 0 ? throw new IOException("The engine is away.") : purge());

        var purged = await PassAsync(failing);

        Assert.Equal(["broken", "old"], purged.Select(found => found.BatchId));
        Assert.NotNull(purged[0].Error);
        Assert.Equal(["broken"], await world.Catalog.IdsAsync(CatalogList.All));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(36_500.5)]
    [InlineData(double.NaN)]
    public void Days_OutOfRange_AreRefused(double days)
    {
        var error = Assert.Throws<InvalidOperationException>(() => new RollcallOptions { RetentionDays = days }.Validate());
        Assert.StartsWith("Rollcall__RetentionDays is ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_ThatNoBatchWasStartedWith_AreKeptForADay()
    {
        await world.Uploads.WriteAsync("old", 0, _ => Task.CompletedTask, Cancelled);
        await world.Uploads.WriteAsync("young", 0, _ => Task.CompletedTask, Cancelled);
        var now = world.Time.GetUtcNow().UtcDateTime;
        File.SetLastWriteTimeUtc(Path.Combine(world.UploadsFolder, "old.0"), now.AddHours(-24).AddSeconds(-1));
        File.SetLastWriteTimeUtc(Path.Combine(world.UploadsFolder, "young.0"), now.AddHours(-24).AddSeconds(1));

        await PassAsync();

        Assert.Null(await world.Uploads.FindAsync("old", 0, Cancelled));
        Assert.NotNull(await world.Uploads.FindAsync("young", 0, Cancelled));
    }

    async Task<IReadOnlyList<PurgedBatch>> PassAsync(IBatchScheduler? scheduler = null)
    {
        var retention = new Retention(world.Store, world.Catalog, world.Purge(), world.Time, options, world.Uploads);
        return await retention.PassAsync(scheduler ?? world.Scheduler, Cancelled).ToListAsync(Cancelled);
    }
}
