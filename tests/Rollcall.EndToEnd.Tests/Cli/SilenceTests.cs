using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Runs whose target is not there.</summary>
public sealed class SilenceTests
{
    [Fact]
    public async Task Run_WhereNobodyHasEverAnswered_StopsWithoutAnOutcome()
    {
        using var closed = new ClosedPort();
        string url = closed.Url;
        using var folder = new RunFolder(items: 20);

        // Refusals count as no attempt, so they cannot have failed any item.
        var stopped = await CliProcess.RunAsync(folder.Run(url, "--max-attempts", "1"));
        stopped.RequireExit(3);
        Assert.Contains($"Nobody answers at {url.TrimEnd('/')}. ", stopped.Errors, StringComparison.Ordinal);
        Assert.Contains("Connection refused", stopped.Errors, StringComparison.Ordinal);
        Assert.Contains("0 of 20", stopped.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Output), "Results were written although nobody had answered.");

        closed.Dispose();
        await using var target = await MeteredTarget.StartAsync(url);
        (await CliProcess.RunAsync(folder.Run(url, "--max-attempts", "1"))).RequireExit(0);
        folder.RequireEveryResponse(20, 0);
    }

    [Fact]
    public async Task Run_WhoseTargetComesLate_SaysThatItWaitsAndLosesNothing()
    {
        using var closed = new ClosedPort();
        string url = closed.Url;
        using var folder = new RunFolder(items: 100);
        using var run = CliProcess.Start(folder.Run(url, "--max-attempts", "1"));
        await run.WaitForErrorAsync("Nobody answers at");

        closed.Dispose();
        await using var target = await MeteredTarget.StartAsync(url);
        (await run.WaitAsync()).RequireExit(0);
        folder.RequireEveryResponse(100, 0);
    }

    [Fact]
    public async Task Run_ThatWaitsForItsTarget_StopsOnCtrlCWithoutWaitingOn()
    {
        using var closed = new ClosedPort();
        using var folder = new RunFolder(items: 100);
        using var run = CliProcess.Start(folder.Run(closed.Url));
        await run.WaitForErrorAsync("Nobody answers at");
        run.Interrupt();
        var stopped = await run.WaitAsync();
        stopped.RequireExit(3);

        // Not the reason for which it would have stopped some time later.
        Assert.Contains("Stopped. 0 of 100 items are recorded", stopped.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UrlsOfHostsThatAreGone_FailSoonBesideThoseThatAnswer()
    {
        using var closed = new ClosedPort();
        await using var target = Target.Start(Responses.With(200, "here"));
        using var folder = new RunFolder();
        folder.WriteInput(target.Url, closed.Url, "http://rollcall-test.invalid/");
        var result = await CliProcess.RunAsync(["get", folder.Input, "--out", folder.Output]);
        result.RequireExit(1);
        Assert.Equal(["succeeded", "failed", "failed"], folder.ReadResults(3).Select(line => line.GetProperty("status").GetString()!));
        Assert.Contains("2 failed", result.Output, StringComparison.Ordinal);
    }
}
