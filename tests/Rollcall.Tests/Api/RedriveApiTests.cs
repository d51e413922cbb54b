using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Api;

public sealed class RedriveApiTests : IDisposable
{
    readonly TestApi api;
    Func<Task> beforeReopening = () => Task.CompletedTask;

    public RedriveApiTests() =>
        api = new TestApi(wrapCatalog: catalog => CallHook.Wrap(catalog, nameof(IBatchCatalog.ReopenAsync), ReopenAsync));

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Redrive_OfABatchThatFailedAsAWhole_SaysWhyItCannotBe()
    {
        await api.StartBatchAsync(1);
        await api.Store.WriteFailureAsync(new BatchFailure("b", Run: 1, "no room", api.Time.GetUtcNow(), new OutcomeCounts()), Cancelled);
        End();

        Assert.Equal(
            "Batch 'b' failed as a whole, without a receipt, so it cannot be redriven: start its items again under another id. Why it "
            + "failed: no room",
            (await api.ChangeAsync("b", "redrive")).Problem(409));
    }

    [Fact]
    public async Task Redrives_AtOnceOfOtherItems_AreOneAndTheOtherIsToldSo()
    {
        await EndWithFailuresAsync();
        beforeReopening = async () =>
        {
            beforeReopening = () => Task.CompletedTask;
            Assert.Equal(202, (await api.ChangeElsewhereAsync("b", "redrive", "?errorCode=connect")).Status);
        };

        var response = await api.ChangeAsync("b", "redrive", "?errorCode=timeout");

        Assert.Contains("is being redriven by another request", response.Problem(409), StringComparison.Ordinal);
        var control = await api.Store.FindControlAsync("b", Cancelled);
        Assert.Equal([ItemErrorCode.Connect], control!.OnlyCodes!);
        Assert.Equal(2, control.Run);
    }

    [Fact]
    public async Task Redrives_AtOnceOfTheSameItems_AreOneRunThatBothAreToldOf()
    {
        await EndWithFailuresAsync();
        beforeReopening = async () =>
        {
            beforeReopening = () => Task.CompletedTask;
            Assert.Equal(202, (await api.ChangeElsewhereAsync("b", "redrive")).Status);
        };

        Assert.Equal(202, (await api.ChangeAsync("b", "redrive")).Status);

        Assert.Equal(2, (await api.Store.FindControlAsync("b", Cancelled))!.Run);
    }

    [Fact]
    public async Task Redrive_OfABatchThatAnotherProcessDeletesMeanwhile_FindsNoBatch()
    {
        await EndWithFailuresAsync();
        beforeReopening = async () =>
        {
            beforeReopening = () => Task.CompletedTask;
            Assert.Equal(204, (await api.DeleteElsewhereAsync("b")).Status);
        };

        Assert.Equal(404, (await api.ChangeAsync("b", "redrive")).Status);

        Assert.Empty(api.Scheduler.Executions);
        Assert.False(Directory.Exists(api.Store.FolderOf("b")), "Something of the batch is left.");
    }

    // The catalog's list of what is open is what the reconciler goes by.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Redrive_BesideAPassThatTakesTheBatchFromTheList_StaysOnIt(int reopening)
    {
        await EndWithFailuresAsync();
        var manifest = (await api.Store.FindManifestAsync("b", Cancelled))!;
        var end = (await api.Store.FindEndAsync(manifest, Cancelled))!;
        int number = 0;
        beforeReopening = () =>
            ++number == reopening ? api.Catalog.CloseAsync(new CatalogEntry("b", manifest.CreatedAt), end, Cancelled) : Task.CompletedTask;

        Assert.Equal(202, (await api.ChangeAsync("b", "redrive")).Status);

        Assert.Equal(2, number);
        Assert.Equal(["b"], await api.Catalog.ListOpenAsync(Cancelled).Select(entry => entry.BatchId).ToListAsync(Cancelled));
        Assert.Empty(await api.Catalog.ListEndedAsync(DateTimeOffset.MaxValue, Cancelled).ToListAsync(Cancelled));
    }

    async Task EndWithFailuresAsync()
    {
        await api.StartBatchAsync(100);
        await api.WriteShardsAsync(0);
        await api.SealAsync();
        End();
    }

    void End() => api.Scheduler.Executions["b"] = api.Scheduler.Executions["b"] with { EndedAt = api.Time.GetUtcNow() };

    async Task ReopenAsync(Func<object?> call)
    {
        await beforeReopening();
        await (Task)call()!;
    }
}
