using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

/// <summary><c>rollcall serve</c> finishes what its engine no longer knows of, with no request that asks for it.</summary>
public sealed class LostEngineTests : IAsyncLifetime
{
    const int Items = 300;
    const int Written = 200;

    LocalServer server = null!;
    GatedTarget target = null!;

    public async ValueTask InitializeAsync()
    {
        server = await LocalServer.StartAsync();
        target = await GatedTarget.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        server.Dispose();
        await target.DisposeAsync();
    }

    [Fact]
    public async Task Server_KilledBeforeABatchWasScheduled_RunsItAfterTheRestart()
    {
        // What is left is what a process leaves that ends between the manifest and the schedule.
        target.HoldBeforeResponse();
        using var folder = new RunFolder(items: 5);
        string id = await server.SubmitAsync(folder.Input, target.Url);
        await LoseEngineAsync();
        target.Open();
        await server.StartAgainAsync();

        await RequireWholeAsync(folder, id, 5);
    }

    [Fact]
    public async Task Server_WhoseEngineIsLost_FinishesTheBatchAndSendsNoWrittenShardAgain()
    {
        var held = Enumerable.Range(Written, Items - Written).Select(RunFolder.Payload).ToHashSet();
        target.HoldBeforeResponse(held.Contains);
        using var folder = new RunFolder(Items);
        string id = await server.SubmitAsync(folder.Input, target.Url);
        string results = Path.Combine(server.StateFolder, "batches", id, "results");
        await Eventually.BeTrueAsync("two shards are written", TimeSpan.FromSeconds(30), () =>
            Task.FromResult(File.Exists(Path.Combine(results, "000000.jsonl")) && File.Exists(Path.Combine(results, "000001.jsonl"))));
        await LoseEngineAsync();
        target.Open();
        await server.StartAgainAsync();

        await RequireWholeAsync(folder, id, Items);
        Assert.All(Enumerable.Range(0, Written), number => Assert.Equal(1, target.Received[RunFolder.Payload(number)]));
    }

    async Task LoseEngineAsync()
    {
        await server.KillAsync();
        foreach (string file in Directory.GetFiles(server.StateFolder, "engine.db*"))
        {
            File.Delete(file);
        }
    }

    async Task RequireWholeAsync(RunFolder folder, string id, int items)
    {
        (await server.RunAsync("watch", id)).RequireExit(0);
        (await server.RunAsync("results", id, "--out", folder.Output)).RequireExit(0);
        folder.RequireEveryResponse(items, responseBytes: 0);
    }
}
