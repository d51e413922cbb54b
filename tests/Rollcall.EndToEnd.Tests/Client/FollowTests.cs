using System.Globalization;
using System.Text;
using System.Text.Json;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

/// <summary><c>rollcall results --follow</c> against <c>rollcall serve</c>, both as processes.</summary>
public sealed class FollowTests : IAsyncLifetime
{
    const int Items = 300;
    const int Free = 200;

    readonly RunFolder folder = new(Items);
    LocalServer server = null!;
    GatedTarget target = null!;

    public async ValueTask InitializeAsync()
    {
        server = await LocalServer.StartAsync();

        // So long that the free ones are more than a file's buffer holds.
        target = await GatedTarget.StartAsync(responseBytes: 2000);
        var held = Enumerable.Range(Free, Items - Free).Select(RunFolder.Payload).ToHashSet();
        target.HoldBeforeResponse(held.Contains);
    }

    public async ValueTask DisposeAsync()
    {
        server.Dispose();
        await target.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Follow_BatchThatGoesOn_WritesWhatIsThereAtOnceAndTheRestUntilItsEnd()
    {
        string id = await server.SubmitAsync(folder.Input, target.Url);
        using var follow = server.Begin("results", id, "--follow");
        await follow.WaitForOutputAsync($"{{\"index\":{Free - 1},");
        Assert.False(follow.HasExited);

        target.Open();
        var result = await follow.WaitAsync();

        result.RequireExit(0);
        Assert.Empty(result.Errors);
        var whole = await server.RunAsync("results", id);
        whole.RequireExit(0);
        Assert.True(whole.Output == result.Output, "What was followed is not what the results are.");
        Assert.Equal(Enumerable.Range(0, Items), IndexesOf(result.Output));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Follow_ServerThatIsKilledAndStartedAgain_WritesEachLineOnce(bool isToFile)
    {
        string id = await server.SubmitAsync(folder.Input, target.Url);
        using var follow = server.Begin(["results", id, "--follow", .. isToFile ? (string[])["--out", folder.Output] : []]);
        if (isToFile)
        {
            await Eventually.BeTrueAsync("two shards are written", TimeSpan.FromSeconds(60), async () =>
                (await server.RunAsync("status", id)).Output.Contains($"{Free} of {Items}", StringComparison.Ordinal));
        }
        else
        {
            await follow.WaitForOutputAsync($"{{\"index\":{Free - 1},");
        }

        await server.KillAsync();
        await follow.WaitForErrorAsync("Retrying");
        target.Open();
        await server.StartAgainAsync();
        var result = await follow.WaitAsync();

        result.RequireExit(0);
        Assert.Contains("The server is responding again.", result.ErrorLines);
        string lines = isToFile ? await File.ReadAllTextAsync(folder.Output, TestContext.Current.CancellationToken) : result.Output;
        Assert.Equal(Enumerable.Range(0, Items), IndexesOf(lines));
        Assert.True((await server.RunAsync("results", id)).Output == lines, "What was followed is not what the results are.");
    }

    [Fact]
    public async Task Follow_CtrlC_SaysWhereToGoOnAndFromThereTheRestComes()
    {
        string id = await server.SubmitAsync(folder.Input, target.Url);
        using var follow = server.Begin("results", id, "--follow");
        await follow.WaitForOutputAsync($"{{\"index\":{Free - 1},");

        follow.Interrupt();
        var first = await follow.WaitAsync();
        target.Open();
        var rest = await server.RunAsync("results", id, "--follow", "--from", Free.ToString(CultureInfo.InvariantCulture));

        first.RequireExit(3);
        Assert.Equal($"rollcall: Stopped. Everything before item {Free} was written; continue with --from {Free}.", first.ErrorLines[^1]);
        rest.RequireExit(0);
        Assert.True((await server.RunAsync("results", id)).Output == first.Output + rest.Output, "The two parts are not the whole.");
    }

    [Fact]
    public async Task Follow_CtrlCWithAFile_LeavesNoFile()
    {
        string id = await server.SubmitAsync(folder.Input, target.Url);
        using var follow = server.Begin("results", id, "--follow", "--out", folder.Output);
        await WaitForUnnamedFileAsync();

        follow.Interrupt();
        var result = await follow.WaitAsync();

        result.RequireExit(3);
        Assert.Equal("rollcall: Stopped. No file was written.", result.ErrorLines[^1]);
        Assert.Equal([folder.Input], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Follow_AsCsv_IsTheTableWithOneHeader()
    {
        string id = await server.SubmitAsync(folder.Input, target.Url);
        using var follow = server.Begin("results", id, "--follow", "--format", "csv", "--out", folder.Output);
        await WaitForUnnamedFileAsync();
        await server.KillAsync();
        await follow.WaitForErrorAsync("Retrying");
        await server.StartAgainAsync();
        target.Open();

        (await follow.WaitAsync()).RequireExit(0);

        byte[] followed = await File.ReadAllBytesAsync(folder.Output, TestContext.Current.CancellationToken);
        (await server.RunAsync("results", id, "--format", "csv", "--out", folder.Output)).RequireExit(0);
        byte[] whole = await File.ReadAllBytesAsync(folder.Output, TestContext.Current.CancellationToken);
        Assert.True(whole.AsSpan().SequenceEqual(followed), "What was followed is not what the table is.");
        Assert.Equal([0xEF, 0xBB, 0xBF], whole[..3]);
        string[] rows = Encoding.UTF8.GetString(whole[3..]).Split("\r\n");
        Assert.StartsWith("index,id,status,", rows[0], StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, Items), rows[1..^1].Select(row => int.Parse(row.Split(',')[0], CultureInfo.InvariantCulture)));
        Assert.Contains(",\"{\"\"param\"\":\"\"data-7\"\"}....", rows[8], StringComparison.Ordinal);
        Assert.EndsWith(",false,", rows[8], StringComparison.Ordinal);
    }

    Task WaitForUnnamedFileAsync() =>
        Eventually.BeTrueAsync("results are written to a file that has no name yet", TimeSpan.FromSeconds(60), () =>
        Task.FromResult(Directory.GetFiles(folder.Path, ".rollcall-*.tmp").Any(file => new FileInfo(file).Length > 0)));

    static IEnumerable<int> IndexesOf(string lines) =>
        lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
            line => JsonDocument.Parse(line).RootElement.GetProperty("index").GetInt32());
}
