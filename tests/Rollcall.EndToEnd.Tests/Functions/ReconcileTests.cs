using System.Net;
using System.Text;
using System.Text.Json;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>Batches whose orchestration is lost or fails: the app finds them by itself, and each ends.</summary>
[Collection(RecoveryCollection.Name)]
public sealed class ReconcileTests : IAsyncLifetime
{
    const int Items = 50;
    const int ItemsPerShard = 10;

    // Two shards are live at once, so these two are written while those after them are held.
    const int Written = 20;
    const int InFlight = 10;

    // Five times for its items and five times for its results, a shard is tried for about 80 s.
    static readonly TimeSpan PlatformRetries = TimeSpan.FromMinutes(3);

    GatedTarget target = null!;

    public async ValueTask InitializeAsync() => target = await GatedTarget.StartAsync();

    public ValueTask DisposeAsync() => target.DisposeAsync();

    [Fact]
    public async Task Batch_WhoseTaskHubIsLost_IsFinishedByTheNextStartAndSendsNoWrittenShardAgain()
    {
        await using var app = await StartAppAsync();
        string id = await StartHalfDoneAsync(app, from: Written);

        await app.Host.KillAsync();
        target.Open();
        await app.Host.StartAgainAsync(("AzureFunctionsJobHost__extensions__durableTask__hubName", "RollcallNew"));

        await RequireWholeAsync(app, id);
        RequireSentOnce(Enumerable.Range(0, Written));
        Assert.InRange(target.ReceivedInAll, Items, Items + InFlight);
    }

    [Fact]
    public async Task Batch_WhoseOrchestrationIsPurgedWhileItsShardsLive_IsFinishedWithOneOutcomeForEachItem()
    {
        await using var app = await StartAppAsync();
        string id = await StartHalfDoneAsync(app, from: Written);
        await TerminateAsync(app, id);
        await PurgeAsync(app, id);

        app.Host.RequestStop();
        target.Open();
        await app.Host.WaitForStopAsync();
        await app.Host.StartAgainAsync();

        await RequireWholeAsync(app, id);
        RequireSentOnce(Enumerable.Range(0, Written));
    }

    [Fact]
    public async Task Batch_WhoseOrchestrationFailedForAPassingReason_IsRepaired()
    {
        await using var app = await StartAppAsync();
        var (id, input) = await StartBrokenAsync(app);
        await WaitForErrorAsync(app, id);
        Assert.Equal(Items - ItemsPerShard, target.ReceivedInAll);
        await input.RestoreAsync();

        await RestartAsync(app);

        await RequireWholeAsync(app, id);
        RequireSentOnce(Enumerable.Range(0, Items));
    }

    [Fact]
    public async Task Batch_ThatFailsForGood_SaysWhyAndKeepsItsOutcomesWhenItsHistoryIsPurged()
    {
        await using var app = await StartAppAsync(("Rollcall__MaxRepairs", "0"));
        var (id, _) = await StartBrokenAsync(app);
        await WaitForErrorAsync(app, id);

        await RestartAsync(app);
        var failed = await WaitForAsync(app, id, "failed", status => status.GetProperty("status").ValueEquals("failed"));
        await PurgeAsync(app, id);
        await RequireFailedAsync(app, id, failed.GetProperty("error").GetString()!);

        int sent = target.ReceivedInAll;
        await RestartAsync(app);
        await RequireFailedAsync(app, id, failed.GetProperty("error").GetString()!);
        Assert.Equal(sent, target.ReceivedInAll);
    }

    static Task<OwnApp> StartAppAsync(params (string Name, string Value)[] settings) =>
        OwnApp.StartAsync(settings: [("Rollcall__ItemsPerShard", $"{ItemsPerShard}"), .. settings]);

    BatchDocument Batch() => new(target.Url)
    {
        Payloads = [.. Enumerable.Range(0, Items).Select(number => Encoding.UTF8.GetBytes(PayloadText(number)))],
        Options = $$"""{"concurrency":{{InFlight}}}""",
    };

    /// <summary>Starts a batch whose items from one on get no response, and waits until the shards before them are written.</summary>
    async Task<string> StartHalfDoneAsync(OwnApp app, int from)
    {
        var held = Enumerable.Range(from, Items - from).Select(PayloadText).ToHashSet();
        target.HoldBeforeResponse(held.Contains);
        string id = await app.Api.StartAsync(Batch());
        await WaitForAsync(app, id, $"{from} are done", status => status.GetProperty("done").GetInt32() == from);
        await target.WaitForArrivalsAsync(from + InFlight);
        return id;
    }

    /// <summary>Starts a batch whose last shard cannot be sent or written, because its payloads are gone before they are read.</summary>
    async Task<(string Id, TakenBlob Input)> StartBrokenAsync(OwnApp app)
    {
        target.HoldBeforeResponse();
        string id = await app.Api.StartAsync(Batch());
        await target.WaitForArrivalsAsync(InFlight);
        var input = await TakenBlob.TakeAsync(app.Blobs.GetBlobContainerClient("rollcall"), $"{id}/input/", "/0000000004.items");
        target.Open();
        return (id, input);
    }

    static Task<JsonElement> WaitForErrorAsync(OwnApp app, string id) => WaitForAsync(
        app,
        id,
        "the orchestration fails",
        // The timer may have looked at it by then.
        status =>
            (status.GetProperty("status").ValueEquals("running") || status.GetProperty("status").ValueEquals("failed"))
                && status.TryGetProperty("error", out _));

    static async Task<JsonElement> WaitForAsync(OwnApp app, string id, string what, Func<JsonElement, bool> isSo)
    {
        var found = await Eventually.FindAsync($"batch '{id}': {what}", PlatformRetries, async () =>
        {
            var response = (await app.Api.GetAsync($"api/batches/{id}")).Require(HttpStatusCode.OK);
            return isSo(response.Json) ? response : null;
        });
        return found.Json;
    }

    static async Task RestartAsync(OwnApp app)
    {
        app.Host.RequestStop();
        await app.Host.WaitForStopAsync();
        await app.Host.StartAgainAsync();
    }

    static Task TerminateAsync(OwnApp app, string id) => ManageAsync(app, HttpMethod.Post, $"{id}/terminate", "&reason=test");

    static async Task PurgeAsync(OwnApp app, string id)
    {
        // What ends an instance is a message; until it has come, there is nothing to purge.
        await Eventually.BeTrueAsync("the orchestration is purged", TimeSpan.FromSeconds(30), async () =>
        {
            await ManageAsync(app, HttpMethod.Delete, id);
            var response = (await app.Api.GetAsync($"api/batches/{id}")).Require(HttpStatusCode.OK);
            return response.Json.GetProperty("status").GetString() is "pending" or "failed";
        });
    }

    static async Task ManageAsync(OwnApp app, HttpMethod method, string path, string query = "")
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(
            method,
            new Uri(app.Host.Url, $"runtime/webhooks/durabletask/instances/{path}?taskHub=Rollcall&connection=Storage&code=any{query}"));
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(
            response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed,
            $"{method} {path}: {response.StatusCode} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    static async Task RequireFailedAsync(OwnApp app, string id, string error)
    {
        var status = (await app.Api.GetAsync($"api/batches/{id}")).Require(HttpStatusCode.OK).Json;
        Assert.Equal("failed", status.GetProperty("status").GetString());
        Assert.Equal(error, status.GetProperty("error").GetString());
        Assert.Contains("0000000004.items", error, StringComparison.Ordinal);
        Assert.Equal(Items - ItemsPerShard, status.GetProperty("done").GetInt32());
        Assert.Equal(Enumerable.Range(0, Items - ItemsPerShard), (await app.Api.DownloadResultsAsync(id)).Indexes);
    }

    static async Task RequireWholeAsync(OwnApp app, string id)
    {
        var status = await app.Api.WaitForCompletionAsync(id);
        Assert.Equal(Items, status.GetProperty("counts").GetProperty("succeeded").GetInt32());
        var results = await app.Api.DownloadResultsAsync(id);
        Assert.Equal(Enumerable.Range(0, Items), results.Indexes);
        Assert.All(
            results.Lines,
            line => Assert.Equal(PayloadText(line.GetProperty("index").GetInt32()), line.GetProperty("body").GetString()));
        var receipt = await app.Api.GetReceiptAsync(id);
        Assert.Equal(Items, receipt.GetProperty("outcomes").GetInt32());
        Assert.Equal(results.Sha256, receipt.GetProperty("sha256").GetString());
    }

    void RequireSentOnce(IEnumerable<int> numbers) => Assert.All(numbers, number => Assert.Equal(1, target.Received[PayloadText(number)]));

    static string PayloadText(int number) => $"{{\"param\":\"data-{number}\"}}";
}
