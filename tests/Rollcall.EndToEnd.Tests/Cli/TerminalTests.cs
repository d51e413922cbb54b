namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>A run on a terminal, which <c>script</c> makes.</summary>
public sealed class TerminalTests
{
    const string CtrlC = "\u0003";
    const string HideCursor = "\e[?25l";
    const string ShowCursor = "\e[?25h";

    [Fact]
    public async Task CtrlC_TwiceOnATerminal_LeavesTheCursorAndTheNoticeVisible()
    {
        await using var target = await GatedTarget.StartAsync();
        target.HoldBeforeResponse();
        using var folder = new RunFolder(items: 3);

        // Without the inner exec some shells stay between, and Ctrl-C ends them.
        using var cli = CliProcess.StartShell("""exec script -qec "exec $*" /dev/null""", "sh", folder.Run(target.Url));
        await target.WaitForArrivalsAsync(3);
        await cli.WaitForOutputAsync(HideCursor);

        await cli.TypeAsync(CtrlC);
        string notice = await cli.WaitForOutputAsync("Stopping: ");
        await cli.TypeAsync(CtrlC);
        var result = await cli.WaitAsync();

        result.RequireExit(3);
        Assert.EndsWith(
            "Stopping: waiting for responses in flight. Press Ctrl-C again to stop at once.",
            notice.TrimEnd('\r'),
            StringComparison.Ordinal);
        Assert.True(
            result.Output.LastIndexOf(
                ShowCursor,
                StringComparison.Ordinal) > result.Output.LastIndexOf(HideCursor, StringComparison.Ordinal),
            "The cursor is hidden.");
    }

    [Theory]
    [InlineData("TERM=dumb", "")]
    [InlineData("TERM=xterm", "2> lines")]
    public async Task Progress_WithoutATerminalThatObeysCodes_IsInPlainLines(string environment, string redirection)
    {
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder(items: 3);
        using var cli = CliProcess.StartShell(
            $"""cd "$0" && exec script -qec "{environment} $* {redirection}" /dev/null""", folder.Path, folder.Run(target.Url));

        var result = await cli.WaitAsync();

        result.RequireExit(0);
        string file = Path.Combine(folder.Path, "lines");
        string shown = result.Output + (File.Exists(file) ? await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) : "");
        Assert.Contains("3 of 3 · ", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('%', shown);
        Assert.DoesNotContain('\e', shown);
    }

    [Fact]
    public async Task Progress_OnATerminalWithStandardOutputInAPipe_IsABarAndNothingElse()
    {
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder(items: 3);
        using var cli = CliProcess.StartShell("""exec script -qec "TERM=xterm $* | cat" /dev/null""", "sh", folder.Run(target.Url));

        var result = await cli.WaitAsync();

        Assert.Contains(HideCursor, result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(": 100%", result.Output, StringComparison.Ordinal);
    }
}
