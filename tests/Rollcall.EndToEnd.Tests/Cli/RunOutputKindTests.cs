using System.Text.Json;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Outputs of <c>rollcall run</c> that are no plain file.</summary>
public sealed class RunOutputKindTests : IAsyncLifetime
{
    const int Items = 3;

    readonly RunFolder folder = new(Items);
    GatedTarget target = null!;

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    string Beside => Path.Combine(folder.Path, "beside");

    public async ValueTask InitializeAsync() => target = await GatedTarget.StartAsync(responseBytes: 200);

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Run_OutputThatIsALink_ReplacesItsTargetWithTheModeItHadAndKeepsTheLink()
    {
        await File.WriteAllTextAsync(Beside, "old", Cancelled);
        File.SetUnixFileMode(Beside, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.CreateSymbolicLink(folder.Output, "beside");

        (await CliProcess.RunAsync(folder.Run(target.Url, "--fresh"))).RequireExit(0);

        Assert.Equal("beside", new FileInfo(folder.Output).LinkTarget);
        Assert.Null(new FileInfo(Beside).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(Beside));
        folder.RequireEveryResponse(Items, 200);
    }

    [Fact]
    public async Task Run_OutputThatIsALinkToNothing_MakesItsTarget()
    {
        File.CreateSymbolicLink(folder.Output, "beside");

        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);

        Assert.Equal("beside", new FileInfo(folder.Output).LinkTarget);
        folder.RequireEveryResponse(Items, 200);
    }

    [Fact]
    public async Task Run_OutputThatIsAPipe_GivesItsReaderTheResultsAndStaysAPipe()
    {
        using var cli = CliProcess.StartShell(
            """mkfifo "$0" && { cat "$0" & "$@" > /dev/null 2>&1; echo "exit $?" >&2; wait; test -p "$0"; }""",
            folder.Output,
            [.. folder.Run(target.Url), "--state", folder.State]);

        var result = await cli.WaitAsync();

        result.RequireExit(0);
        Assert.Equal("exit 0", Assert.Single(result.ErrorLines));
        Assert.Equal([0, 1, 2], IndexesOf(result.Output));
    }

    [Fact]
    public async Task Run_OutputThatIsADevice_IsWrittenToAndStaysADevice()
    {
        File.CreateSymbolicLink(folder.Output, "/dev/null");

        (await CliProcess.RunAsync(folder.Run(target.Url, "--state", folder.State))).RequireExit(0);
        (await CliProcess.RunAsync(folder.Run(target.Url, "--state", folder.State))).RequireExit(0);

        Assert.Equal("/dev/null", new FileInfo(folder.Output).LinkTarget);
        Assert.Equal(Items, target.ReceivedInAll);
    }

    [Fact]
    public async Task Run_OutputThatIsADeviceWithoutRoom_IsNotFinishedAndTheResultsCanBeHadInAFile()
    {
        File.CreateSymbolicLink(Beside, "/dev/full");

        var full = await RunAsync("--out", Beside);
        (await RunAsync("--out", folder.Output)).RequireExit(0);

        full.RequireExit(3);
        Assert.EndsWith(
            "No space left on device. What was recorded is kept; run the same command to resume.",
            full.ErrorLines[^1],
            StringComparison.Ordinal);
        folder.RequireEveryResponse(Items, 200);
        Assert.Equal(Items, target.ReceivedInAll);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("/dev/stdout")]
    [InlineData("/proc/self/fd/1")]
    public async Task Run_OutputThatIsStandardOutput_HasTheResultsThereAloneAsOftenAsItIsRun(string output)
    {
        var first = await RunAsync("--out", output);
        var again = await RunAsync("--out", output, "--json");

        first.RequireExit(0);
        again.RequireExit(0);
        Assert.Equal([0, 1, 2], IndexesOf(first.Output));
        Assert.Equal(first.Output, again.Output);
        Assert.StartsWith("3 in, 3 out, 3 succeeded, sha256 ", first.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal("receipt", JsonDocument.Parse(again.ErrorLines[^1]).RootElement.GetProperty("type").GetString());
        Assert.Equal(Items, target.ReceivedInAll);
        Assert.False(File.Exists("-"), "A file is called -.");
    }

    [Fact]
    public async Task Run_OutputThatIsADescriptor_IsWrittenWhereTheOthersThatShareItAre()
    {
        using var shell = CliProcess.StartShell(
            """{ echo first >&3; "$@" > /dev/null; echo last >&3; } 3> "$0" """,
            Beside,
            ["run", folder.Input, "--to", target.Url, "--state", folder.State, "--out", "/dev/fd/3"]);

        (await shell.WaitAsync()).RequireExit(0);

        string[] lines = await File.ReadAllLinesAsync(Beside, Cancelled);
        Assert.Equal(("first", Items + 2, "last"), (lines[0], lines.Length, lines[^1]));
    }

    [Theory]
    [InlineData("--out - > /dev/full", 3)]
    [InlineData("> /dev/full", 3)]
    [InlineData("--out - >&-", 2)]
    [InlineData(">&-", 3)]
    [InlineData(">&- 2>&- <&-", 3)]
    public async Task Run_StandardOutputThatRefusesWrites_IsNotASuccess(string redirection, int expected)
    {
        using var shell = CliProcess.StartShell(
            $$"""cd "$0" && { "$@" {{redirection}}; echo "exit $?" > code; }""",
            folder.Path,
            ["run", folder.Input, "--to", target.Url, "--state", folder.State]);

        await shell.WaitAsync();

        Assert.Equal($"exit {expected}\n", await File.ReadAllTextAsync(Path.Combine(folder.Path, "code"), Cancelled));
    }

    [Fact]
    public async Task Run_ReaderOfItsResultsGoesAway_EndsAsOthersDoAndGivesThemAgain()
    {
        // So much that no pipe holds it.
        const int Many = 400;
        folder.WriteInput([.. Enumerable.Range(0, Many).Select(RunFolder.Payload)]);
        string code = Path.Combine(folder.Path, "code");
        using var cli = CliProcess.StartBeforeAReaderOfOneLine(
            code,
            "run",
            folder.Input,
            "--to",
            target.Url,
            "--state",
            folder.State,
            "--out",
            "-");

        await cli.WaitAsync();
        var again = await RunAsync("--out", "-");

        Assert.Equal("141\n", await File.ReadAllTextAsync(code, Cancelled));
        again.RequireExit(0);
        Assert.Equal(Enumerable.Range(0, Many), IndexesOf(again.Output));
        Assert.Equal(Many, target.ReceivedInAll);
    }

    [Fact]
    public async Task Run_OutputThatNobodyReads_EndsAtTheFirstSignal()
    {
        using var shell = CliProcess.StartShell(
            """mkfifo "$0" && exec env --default-signal=INT "$@" """, folder.Output, [.. folder.Run(target.Url, "--state", folder.State)]);
        await Eventually.BeTrueAsync("the batch is sealed", TimeSpan.FromSeconds(60), () => Task.FromResult(
            Directory.Exists(folder.State) && Directory.GetFiles(folder.State, "receipt.json", SearchOption.AllDirectories).Length > 0));

        shell.Interrupt();

        var result = await shell.WaitAsync();
        result.RequireExit(3);
        Assert.EndsWith("3 of 3 items are recorded; run the same command to resume.", result.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a folder", "")]
    [InlineData("a folder", "new/")]
    [InlineData("does not exist", "no/such/file")]
    [InlineData("File name too long", "LONG")]
    [InlineData("Not a directory", "items.jsonl/results")]
    public async Task Run_OutputThatCannotBe_IsRefusedBeforeAnythingIsSentOrMade(string expected, string output)
    {
        (
            await RunAsync(
                "--out",
                $"{folder.Path}/{output.Replace("LONG", new string('x', 256), StringComparison.Ordinal)}")).RequireError(2,
            expected);

        Assert.Equal([folder.Input], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(0, target.ReceivedInAll);
    }

    static IEnumerable<int> IndexesOf(string lines) =>
        lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
            line => JsonDocument.Parse(line).RootElement.GetProperty("index").GetInt32());

    Task<CliResult> RunAsync(params string[] more) =>
        CliProcess.RunAsync(["run", folder.Input, "--to", target.Url, "--state", folder.State, .. more]);
}
