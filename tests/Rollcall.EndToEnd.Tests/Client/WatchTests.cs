using System.Text.Json;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class WatchTests : IAsyncLifetime
{
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
    public async Task Watch_BatchThatSucceeds_EndsWithItsReceiptInOneLine()
    {
        target.HoldBeforeResponse();
        using var folder = new RunFolder(items: 5);
        string id = await server.SubmitAsync(folder.Input, target.Url);
        using var watch = server.Begin("watch", id);
        await target.WaitForArrivalsAsync(5);
        await watch.WaitForErrorAsync("0 of 5 · ");
        target.Open();

        var result = await watch.WaitAsync();

        result.RequireExit(0);
        Assert.StartsWith("5 in, 5 out, 5 succeeded, sha256 ", result.Output, StringComparison.Ordinal);
        Assert.StartsWith("5 of 5 · ", result.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_BatchWithFailures_ExitsWith1()
    {
        target.Status = 500;
        using var folder = new RunFolder(items: 2);
        string id = await server.SubmitAsync(folder.Input, target.Url, "--max-attempts", "1");

        var result = await server.RunAsync("watch", id);

        result.RequireExit(1);
        Assert.StartsWith("2 in, 2 out, 0 succeeded, 2 failed, sha256 ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_Json_WritesAnObjectForEachChangeAndNoMore()
    {
        target.HoldBeforeResponse();
        using var folder = new RunFolder(items: 5);
        string id = await server.SubmitAsync(folder.Input, target.Url);
        using var watch = server.Begin("watch", id, "--json");
        await watch.WaitForOutputAsync("\"running\"");
        target.Open();

        var result = await watch.WaitAsync();

        result.RequireExit(0);
        Assert.Empty(result.Errors);
        var states = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Select(line => (line.GetProperty("status").GetString(), line.GetProperty("done").GetInt64()))
            .ToList();
        Assert.Equal(states.Distinct(), states);
        Assert.Equal(("completed", 5), states[^1]);
    }

    [Fact]
    public async Task Watch_CtrlC_EndsTheWatchingAndNotTheBatch()
    {
        target.HoldBeforeResponse();
        using var folder = new RunFolder(items: 2);
        string id = await server.SubmitAsync(folder.Input, target.Url);
        using var watch = server.Begin("watch", id, "--json");
        await watch.WaitForOutputAsync("\"running\"");

        watch.Interrupt();
        var stopped = await watch.WaitAsync();

        stopped.RequireExit(3);
        Assert.Contains(
            $"batch '{id}' keeps running. Watch again with: rollcall watch {id} --server {server.Url}",
            Assert.Single(stopped.ErrorLines),
            StringComparison.Ordinal);
        target.Open();
        (await server.RunAsync("watch", id)).RequireExit(0);
    }

    [Fact]
    public async Task Watch_ServerAwayForAWhile_SaysThatItWaitsAndGoesOn()
    {
        target.HoldBeforeResponse();
        using var folder = new RunFolder(items: 2);
        string id = await server.SubmitAsync(folder.Input, target.Url);
        using var watch = server.Begin("watch", id, "--json");
        await watch.WaitForOutputAsync("\"running\"");

        await server.KillAsync();
        string waits = await watch.WaitForErrorAsync("Retrying");
        await server.StartAgainAsync();
        target.Open();
        var result = await watch.WaitAsync();

        result.RequireExit(0);
        Assert.Contains(server.Url, waits, StringComparison.Ordinal);
        Assert.Equal("The server is responding again.", result.ErrorLines[^1]);
        Assert.Contains("\"completed\"", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_RunningBatch_ShowsItAndExitsWith0()
    {
        target.HoldBeforeResponse();
        using var folder = new RunFolder(items: 2);
        string id = await server.SubmitAsync(folder.Input, target.Url);
        await target.WaitForArrivalsAsync(2);

        var text = await server.RunAsync("status", id);
        var json = await server.RunAsync("status", id, "--json");

        text.RequireExit(0);
        Assert.Contains("status     running", text.Output, StringComparison.Ordinal);
        Assert.Contains("done       0 of 2", text.Output, StringComparison.Ordinal);
        json.RequireExit(0);
        Assert.Equal(id, JsonDocument.Parse(json.Output).RootElement.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("status")]
    [InlineData("watch")]
    [InlineData("results")]
    [InlineData("receipt")]
    [InlineData("cancel")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("redrive")]
    public async Task BatchCommand_UnknownBatch_SaysSo(string command)
    {
        var result = await server.RunAsync(command, "nope");
        result.RequireExit(2);
        Assert.Empty(result.Output);
        Assert.Equal("rollcall: There is no batch 'nope'.", Assert.Single(result.ErrorLines));
    }
}
