using Rollcall.Batches;
using Rollcall.Storage;

namespace Rollcall.Tests.Api;

public sealed class PurgeApiTests : IDisposable
{
    readonly TestApi api = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Batch_ThatHasEnded_IsGoneAndItsIdCanBeUsedAgain()
    {
        await StartAsync("b");
        await FailAsync("b");

        Assert.Equal(204, (await api.DeleteAsync("b")).Status);

        (await api.StatusAsync("b")).Problem(404);
        (await api.DeleteAsync("b")).Problem(404);
        await StartAsync("b", "2\n3\n");
        Assert.Equal(2, (await api.StatusAsync("b")).Json.GetProperty("items").GetInt32());
    }

    [Fact]
    public async Task Batch_ThatRuns_IsRefusedWithItsState()
    {
        await StartAsync("b");

        var response = await api.DeleteAsync("b");

        Assert.Equal(
            "Batch 'b' is running, so it cannot be deleted: only a batch that is completed, cancelled, expired or failed can.",
            response.Problem(409));
        Assert.Equal("running", response.Json.GetProperty("batchStatus").GetString());
        Assert.Equal(200, (await api.StatusAsync("b")).Status);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("no.id")]
    public async Task Batch_ThatIsNot_IsNotFound(string id) => (await api.DeleteAsync(id)).Problem(404);

    [Fact]
    public async Task Deletion_ThatGoesOn_KeepsTheIdAndIsFinishedByAnotherRequest()
    {
        await StartAsync("b");
        await FailAsync("b");
        var manifest = (await api.Store.FindManifestAsync("b", Cancelled))!;
        await api.Catalog.WriteDeletionAsync(
            new BatchDeletion("b", manifest.CreatedAt, new BatchEnd(EndKind.Failed, api.Time.GetUtcNow())),
            Cancelled);
        await api.Store.DeleteAsync("b", most: 1, Cancelled);

        (await api.StatusAsync("b")).Problem(404);
        Assert.Contains(
            "is being deleted",
            (await api.PostLinesAsync($"?to={TestApi.Url}&id=b", "1\n")).Problem(409),
            StringComparison.Ordinal);
        Assert.Equal(204, (await api.DeleteAsync("b")).Status);
        await StartAsync("b");
    }

    async Task StartAsync(string id, string lines = "1\n")
    {
        api.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(202, (await api.PostLinesAsync($"?to={TestApi.Url}&id={id}", lines)).Status);
    }

    async Task FailAsync(string id)
    {
        await api.Store.WriteFailureAsync(new BatchFailure(id, 1, "broken", api.Time.GetUtcNow(), new OutcomeCounts()), Cancelled);
        api.Scheduler.Executions.Remove(id);
    }
}
