using System.Text.Json;
using Rollcall.EndToEnd.Tests.Client;
using Rollcall.Storage;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Notices;

/// <summary>Notices of <c>rollcall serve</c>, whose process is killed at the moments that matter.</summary>
public sealed class NoticeServerTests : IAsyncLifetime
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    readonly HttpClient http = new();
    readonly TaskCompletionSource response = new(TaskCreationOptions.RunContinuationsAsynchronously);
    LocalServer server = null!;
    Target target = null!;
    Target receiver = null!;

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await LocalServer.StartAsync(new Dictionary<string, string>
        {
            [$"Rollcall__WebhookKeys__{ToldBatch.SecretName}"] = ToldBatch.Secret,
            [$"Rollcall__WebhookKeys__{ToldBatch.SecretName}__Origins"] = "*",
        });
        await server.KillAsync();
        target = Target.Start(Responses.Echo);
        receiver = Target.Start(async (request, connection) =>
        {
            await response.Task.WaitAsync(connection.Stopping);
            await Responses.WithoutBody(204)(request, connection);
        });

        // What is left is what a process leaves that ends between the manifest and the schedule.
        using var store = new FileBatchStore(Path.Combine(server.StateFolder, "batches"));
        await ToldBatch.TakeInAsync(store, new FileBatchCatalog(Path.Combine(server.StateFolder, "catalog")), target.Url, receiver.Url);
    }

    public async ValueTask DisposeAsync()
    {
        server.Dispose();
        await target.DisposeAsync();
        await receiver.DisposeAsync();
        http.Dispose();
    }

    [Fact]
    public async Task Batch_WhoseReceiverIsSlow_IsCompletedWithAPendingNoticeAndThenADeliveredOne()
    {
        await server.StartAgainAsync();
        await receiver.FirstRequest.WaitAsync(Limit, Cancelled);

        // The receiver can be called before the last turn of the batch itself is recorded.
        var pending = (await Eventually.FindAsync("the batch is completed", Limit, async () =>
            await StatusAsync() is var status && status.GetProperty("status").ValueEquals("completed")
                ? new { Status = status }
                : null)).Status;
        response.SetResult();
        var delivered = await WaitForDeliveryAsync();

        Assert.Equal("completed", pending.GetProperty("status").GetString());
        Assert.Equal("pending", pending.GetProperty("notice").GetProperty("webhook").GetProperty("status").GetString());
        Assert.False(pending.GetProperty("notice").TryGetProperty("queue", out _));
        Assert.Equal(pending.GetProperty("endedAt").GetDateTimeOffset(), delivered.GetProperty("endedAt").GetDateTimeOffset());
        Assert.Equal(204, Assert.Single(AttemptsOf(delivered)).GetProperty("httpStatus").GetInt32());
        var notice = JsonDocument.Parse(Assert.Single(receiver.Requests).Body).RootElement.GetProperty("data");
        Assert.Equal("completed", notice.GetProperty("status").GetString());
        Assert.Equal(ToldBatch.Items, notice.GetProperty("counts").GetProperty("succeeded").GetInt32());
        Assert.Equal(pending.GetProperty("endedAt").GetDateTimeOffset(), notice.GetProperty("endedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Server_KilledAsTheBatchIsSealed_TellsAfterTheRestart()
    {
        response.SetResult();
        await server.StartAgainAsync();
        string receipt = Path.Combine(server.StateFolder, "batches", ToldBatch.Id, "receipt.json");
        await Task.Run(() => SpinWait.SpinUntil(() => File.Exists(receipt), Limit), Cancelled);
        await server.KillAsync();
        await server.StartAgainAsync();

        await RequireToldAsync();
    }

    [Fact]
    public async Task Server_KilledWhileTheNoticeIsSent_SendsItAgainUnderTheSameId()
    {
        await server.StartAgainAsync();
        await receiver.FirstRequest.WaitAsync(Limit, Cancelled);
        await server.KillAsync();
        response.SetResult();
        await server.StartAgainAsync();

        await RequireToldAsync();
        Assert.True(receiver.Requests.Count >= 2, "The attempt that was lost was not made again.");
    }

    [Fact]
    public async Task Server_WhoseEngineIsLostWhileANoticeIsDue_SendsItAfterTheRestartAndNoItemAgain()
    {
        await server.StartAgainAsync();
        await receiver.FirstRequest.WaitAsync(Limit, Cancelled);
        await server.KillAsync();
        foreach (string file in Directory.GetFiles(server.StateFolder, "engine.db*"))
        {
            File.Delete(file);
        }

        response.SetResult();
        await server.StartAgainAsync();

        await RequireToldAsync();
        Assert.Equal(ToldBatch.Items, target.Requests.Count);
    }

    async Task RequireToldAsync()
    {
        Assert.Equal("completed", (await WaitForDeliveryAsync()).GetProperty("status").GetString());
        Assert.NotEmpty(receiver.Requests);
        Assert.Single(receiver.Requests.Select(request => request.Headers["webhook-id"]).Distinct());
    }

    async Task<JsonElement> WaitForDeliveryAsync()
    {
        var status = await Eventually.FindAsync("the notice is delivered", Limit, async () =>
            await StatusAsync() is var found && found.TryGetProperty("notice", out var notice)
                && notice.GetProperty("webhook").GetProperty("status").ValueEquals("delivered") ? new { Found = found } : null);
        return status.Found;
    }

    async Task<JsonElement> StatusAsync() =>
        JsonDocument.Parse(await http.GetStringAsync(new Uri($"{server.Url}/api/batches/{ToldBatch.Id}"), Cancelled)).RootElement;

    static JsonElement.ArrayEnumerator AttemptsOf(JsonElement status) =>
        status.GetProperty("notice").GetProperty("webhook").GetProperty("attempts").EnumerateArray();
}
