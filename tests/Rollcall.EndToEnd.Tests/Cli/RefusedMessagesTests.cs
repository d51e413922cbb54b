namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>A standard error that takes no message: the exit code is that of the work.</summary>
public sealed class RefusedMessagesTests
{
    [Theory]
    [InlineData("2> /dev/full")]
    [InlineData("2>&-")]
    public async Task Run_MessagesThatCannotBeShown_EndsAsItWouldOtherwise(string redirection)
    {
        await using var target = await GatedTarget.StartAsync(responseBytes: 200);
        using var folder = new RunFolder(items: 3);

        (await RunAsync(redirection, folder.Run(target.Url))).RequireExit(0);
        folder.RequireEveryResponse(3, 200);
        target.Status = 500;
        (await RunAsync(redirection, folder.Run(target.Url, "--fresh", "--max-attempts", "1"))).RequireExit(1);
    }

    [Theory]
    [InlineData(2, "run", "nofile", "--to", "http://127.0.0.1:9/")]
    [InlineData(2, "run", "--unknown")]
    [InlineData(2)]
    [InlineData(2, "verify", "nofile", "--receipt", "nofile")]
    [InlineData(3, "list", "--server", "http://127.0.0.1:9")]
    [InlineData(2, "demo", "--items", "0")]
    [InlineData(0, "run", "--help")]
    public async Task EveryCommand_MessagesThatCannotBeShown_HasItsExitCode(int expected, params string[] arguments)
    {
        (await RunAsync("2> /dev/full", arguments)).RequireExit(expected);
        (await RunAsync("2>&-", arguments)).RequireExit(expected);
    }

    [Fact]
    public async Task CtrlC_NoticeThatCannotBeShown_StopsAllTheSame()
    {
        await using var target = await GatedTarget.StartAsync();
        target.HoldBeforeResponse();
        using var folder = new RunFolder(items: 3);
        using var cli = CliProcess.StartShell(
            """exec env --default-signal=INT "$@" 2> /dev/full""",
            "sh",
            folder.Run(target.Url, "--concurrency", "1"));
        await target.WaitForArrivalsAsync(1);

        cli.Interrupt();
        await Eventually.BeTrueAsync("it stops", TimeSpan.FromSeconds(60), () =>
        {
            target.Open();
            return Task.FromResult(cli.HasExited);
        });

        (await cli.WaitAsync()).RequireExit(3);
    }

    static async Task<CliResult> RunAsync(string redirection, string[] arguments)
    {
        using var cli = CliProcess.StartShell($"""exec "$@" {redirection}""", "sh", arguments);
        return await cli.WaitAsync();
    }
}
