using System.Net;
using System.Text.Json;
using Rollcall.Batches;
using Rollcall.EndToEnd.Tests.Cli;
using Rollcall.EndToEnd.Tests.Client;

namespace Rollcall.EndToEnd.Tests.Serving;

/// <summary>A server with many batches, and with one that is damaged.</summary>
public sealed class IsolationTests : IDisposable
{
    const int LargeResponse = 200_000;

    readonly ServeRequest http = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task Serve_WhoseBatchLostFiles_StartsShowsItAndRunsTheOthers()
    {
        await using var target = await GatedTarget.StartAsync(LargeResponse);
        using var server = await LocalServer.StartAsync();
        using var api = new ServerApi(server);

        // Item 0 is recorded, and item 1 is not: the shard is not written.
        target.HoldBeforeResponse(payload => payload.Contains("data-1", StringComparison.Ordinal));
        string body = await api.StartAsync(2, target.Url, "{}");
        string items = await api.StartAsync(2, target.Url, "{}");
        string manifest = await api.StartAsync(2, target.Url, "{}");
        foreach (string id in new[] { body, items, manifest })
        {
            await api.WaitAsync(id, "has an outcome", status => status.Done == 1);
        }

        await server.KillAsync();
        Directory.Delete(Path.Combine(FolderOf(server, body), "bodies"), recursive: true);
        foreach (string file in Directory.EnumerateFiles(FolderOf(server, items), "items.*"))
        {
            await File.WriteAllTextAsync(file, "", Cancelled);
        }

        await File.WriteAllTextAsync(Path.Combine(FolderOf(server, manifest), "manifest.json"), "{", Cancelled);
        target.Open();
        await server.StartAgainAsync();

        string other = await api.StartAsync(2, target.Url, "{}");
        Assert.Equal(2, (await api.WaitAsync(other, "completed", status => status.Status == BatchState.Completed)).Counts!.Succeeded);
        var damaged = await api.WaitAsync(manifest, "failed", status => status.Status == BatchState.Failed);
        Assert.Contains("manifest.json", damaged.Error, StringComparison.Ordinal);
        var list = JsonElement.Parse((await http.SendAsync(HttpMethod.Get, $"{server.Url}/api/batches")).Body);
        Assert.Equal(
            new[] { body, items, manifest, other }.Order(),
            list.GetProperty("batches").EnumerateArray().Select(batch => batch.GetProperty("id").GetString()).Order());
        Assert.Equal(HttpStatusCode.NoContent, (await http.SendAsync(HttpMethod.Delete, $"{server.Url}/api/batches/{manifest}")).Status);
        Assert.False(Directory.Exists(FolderOf(server, manifest)), "Something of the batch is left.");

        // The response that is lost is sent for again; items that are lost have outcomes that say so.
        Assert.Equal(2, (await api.WaitAsync(body, "completed", status => status.Status == BatchState.Completed)).Counts!.Succeeded);
        Assert.Equal(
            2,
            (
                await api.WaitAsync(
                    items,
                    "completed",
                    status => status.Status == BatchState.Completed)).Counts!.ByErrorCode["input-damaged"]);
    }

    [Fact]
    public async Task Serve_WithMoreBatchesThanDescriptors_RunsThemAll()
    {
        const int Batches = 100;
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder();
        using var server = CliProcess.StartShell(
            """ulimit -n 400; exec "$@" """,
            "sh",
            "serve",
            "--state",
            folder.State,
            "--port",
            "0",
            "--concurrency",
            "16");
        string url = (await server.WaitForOutputAsync("Listening on ")).Split(' ')[2];

        await Parallel.ForAsync(
            0, Batches, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancelled }, async (i, _) =>
            Assert.Equal(HttpStatusCode.Accepted, (await StartAsync(url, target.Url, $"b{i}")).Status));
        await Eventually.BeTrueAsync("every batch is completed", TimeSpan.FromMinutes(2), async () =>
            await CountAsync(url, "running") + await CountAsync(url, "pending") == 0);

        Assert.Equal(Batches, await CountAsync(url, "completed"));
        Assert.Equal(Batches, target.ReceivedInAll);
    }

    [Fact]
    public async Task Responses_OfABatchThatIsDeleted_AreInNoFile()
    {
        string marker = $"marker-{Guid.NewGuid()}";
        await using var target = await GatedTarget.StartAsync();
        using var server = await LocalServer.StartAsync();
        using var api = new ServerApi(server);
        Assert.Equal(HttpStatusCode.Accepted, (await StartAsync(server.Url, target.Url, "b", $"\"{marker}\"")).Status);
        await api.WaitAsync("b", "completed", status => status.Status == BatchState.Completed);
        Assert.Contains(FilesOf(server), file => Has(file, marker));

        Assert.Equal(HttpStatusCode.NoContent, (await http.SendAsync(HttpMethod.Delete, $"{server.Url}/api/batches/b")).Status);

        Assert.DoesNotContain(FilesOf(server), file => Has(file, marker));
    }

    static string FolderOf(LocalServer server, string id) => Path.Combine(server.StateFolder, "batches", id);

    static string[] FilesOf(LocalServer server) => Directory.GetFiles(server.StateFolder, "*", SearchOption.AllDirectories);

    static bool Has(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return reader.ReadToEnd().Contains(text, StringComparison.Ordinal);
    }

    async Task<(HttpStatusCode Status, string Body)> StartAsync(string url, string target, string id, string body = "1")
    {
        var response = await http.SendAsync(
            HttpMethod.Post,
            $"{url}/api/batches",
            $$"""{"id":"{{id}}","target":{"url":"{{target}}"},"items":[{"body":{{body}}}]}""");
        return (response.Status, response.Body);
    }

    async Task<int> CountAsync(string url, string status) =>
        JsonElement.Parse(
            (
                await http.SendAsync(
                    HttpMethod.Get,
                    $"{url}/api/batches?limit=100&status={status}")).Body).GetProperty("batches").GetArrayLength();
}
