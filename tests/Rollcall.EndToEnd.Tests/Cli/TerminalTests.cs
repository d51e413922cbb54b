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
        target.HoldBeforeAnswer();
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
        Assert.EndsWith("Stopping: waiting for the answers in flight. Press Ctrl-C again to stop at once.", notice.TrimEnd('\r'), StringComparison.Ordinal);
        Assert.True(
            result.Output.LastIndexOf(ShowCursor, StringComparison.Ordinal) > result.Output.LastIndexOf(HideCursor, StringComparison.Ordinal),
            "The cursor is hidden.");
    }
}
