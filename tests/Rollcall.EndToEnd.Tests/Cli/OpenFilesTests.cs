namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>A process that may have few files and connections open.</summary>
public sealed class OpenFilesTests
{
    // More than the process may have connections.
    const int Items = 600;
    const int ResponseBytes = 6000;

    [Fact]
    public async Task Run_WithFewFilesAllowed_HasFewerInFlightAndEveryItemSucceedsAtOnce()
    {
        await using var target = await GatedTarget.StartAsync(ResponseBytes);
        using var folder = new RunFolder(Items);

        var result = await RunAsync(260, folder.Run(target.Url, "--concurrency", "300", "--max-attempts", "1"));

        result.RequireExit(0);
        Assert.Contains(
            "At most 20 items are in flight at once, not 300, because this process may open at most 260 files",
            result.Errors,
            StringComparison.Ordinal);
        folder.RequireEveryResponse(Items, ResponseBytes);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("serve")]
    public async Task Command_WithTooFewFilesAllowed_EndsWithTheReason(string command)
    {
        using var folder = new RunFolder(items: 1);

        var result = await RunAsync(
            200,
            command == "run" ? folder.Run("http://127.0.0.1:9/") : ["serve", "--state", folder.State, "--port", "0"]);

        result.RequireError(3, "This process may open at most 200 files and connections (ulimit -n), but needs at least 240.");
        Assert.False(Directory.Exists(folder.State));
    }

    static async Task<CliResult> RunAsync(int limit, params string[] arguments)
    {
        using var cli = CliProcess.StartShell("ulimit -n $0 && exec \"$@\"", $"{limit}", arguments);
        return await cli.WaitAsync();
    }
}
