using System.Text.Json;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

/// <summary>Commands whose output somebody reads who goes away, as <c>head</c> does.</summary>
public sealed class ReaderGoneTests : IAsyncLifetime
{
    const int Items = 300;
    const int Free = 200;
    const string ReaderGone = "141\n";

    readonly RunFolder folder = new(Items);
    LocalServer server = null!;
    GatedTarget target = null!;
    string id = "";

    string ExitCodeFile => Path.Combine(folder.Path, "exit");

    public async ValueTask InitializeAsync()
    {
        server = await LocalServer.StartAsync();

        // So long that a pipe does not hold the free ones.
        target = await GatedTarget.StartAsync(responseBytes: 2000);
        var held = Enumerable.Range(Free, Items - Free).Select(RunFolder.Payload).ToHashSet();
        target.HoldBeforeResponse(held.Contains);
        id = await server.SubmitAsync(folder.Input, target.Url);
        await Eventually.BeTrueAsync("two shards are written", TimeSpan.FromSeconds(30), async () =>
            (await server.RunAsync("status", id)).Output.Contains($"{Free} of {Items}", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        server.Dispose();
        await target.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("--follow")]
    [InlineData]
    public async Task Results_ReaderGoesAway_EndQuietlyBeforeTheBatch(params string[] more)
    {
        using var results = CliProcess.StartBeforeAReaderOfOneLine(ExitCodeFile, ["results", id, "--server", server.Url, .. more]);

        var result = await results.WaitAsync();

        Assert.Empty(result.Errors);
        Assert.StartsWith("{\"index\":0,", result.Output, StringComparison.Ordinal);
        Assert.Equal(ReaderGone, await File.ReadAllTextAsync(ExitCodeFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WatchJson_ReaderGoesAway_EndsQuietlyWithTheNextStatus()
    {
        using var watch = CliProcess.StartBeforeAReaderOfOneLine(ExitCodeFile, "watch", id, "--json", "--server", server.Url);
        await watch.WaitForOutputAsync("gone");
        target.Open();

        var result = await watch.WaitAsync();

        Assert.Empty(result.Errors);
        Assert.Equal(ReaderGone, await File.ReadAllTextAsync(ExitCodeFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Results_IntoAFileThatOthersWriteToo_OverwriteNothing()
    {
        using var shell = CliProcess.StartShell(
            """{ echo first; "$@" 2> /dev/null; "$@" 2> /dev/null; echo last; } > "$0" """,
            folder.Output,
            "results",
            id,
            "--server",
            server.Url);

        (await shell.WaitAsync()).RequireExit(0);

        string[] lines = await File.ReadAllLinesAsync(folder.Output, TestContext.Current.CancellationToken);
        Assert.Equal(("first", "last"), (lines[0], lines[^1]));
        int[] whole = [.. Enumerable.Range(0, Free)];
        Assert.Equal(
            [.. whole, .. whole],
            lines[1..^1].Select(line => JsonDocument.Parse(line).RootElement.GetProperty("index").GetInt32()));
    }
}
