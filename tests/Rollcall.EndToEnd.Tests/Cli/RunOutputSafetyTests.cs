namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Files of the user that a run must not touch.</summary>
public sealed class RunOutputSafetyTests : IAsyncLifetime
{
    const int Items = 3;

    readonly RunFolder folder = new(Items);
    GatedTarget target = null!;

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    string Other => Path.Combine(folder.Path, "other.jsonl");

    public async ValueTask InitializeAsync() => target = await GatedTarget.StartAsync(responseBytes: 200);

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_FileThatAppearsOrChangesAtTheOutputMeanwhile_IsKeptAndTheResultsAreHadElsewhere(bool isReplacing)
    {
        if (isReplacing)
        {
            await File.WriteAllTextAsync(folder.Output, "old", Cancelled);
        }

        target.HoldBeforeResponse();
        using var cli = CliProcess.Start(folder.Run(target.Url, isReplacing ? ["--fresh"] : []));
        await target.WaitForArrivalsAsync(Items);
        await File.WriteAllTextAsync(folder.Output, "mine", Cancelled);
        target.Open();

        var result = await cli.WaitAsync();
        var again = await CliProcess.RunAsync(folder.Run(target.Url));
        var elsewhere = await CliProcess.RunAsync("run", folder.Input, "--to", target.Url, "--state", folder.State, "--out", Other);

        result.RequireExit(3);
        Assert.EndsWith(
            $"The results are in the state folder '{folder.State}': run the same command with another --out to get them; nothing is sent "
            + "again.",
            result.ErrorLines[^1],
            StringComparison.Ordinal);
        again.RequireError(2, "did not write it. Choose another file with --out");
        Assert.Equal("mine", await File.ReadAllTextAsync(folder.Output, Cancelled));
        elsewhere.RequireExit(0);
        Assert.Equal(Items, (await File.ReadAllLinesAsync(Other, Cancelled)).Length);
        Assert.Equal(Items, target.ReceivedInAll);
        Assert.DoesNotContain(Directory.GetFiles(folder.Path, ".*"), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_FileThatAppearsAtTheOutputWhileItIsDown_IsNotReplacedWhenItGoesOn()
    {
        target.HoldBeforeResponse();
        using (var cli = CliProcess.Start(folder.Run(target.Url)))
        {
            await target.WaitForArrivalsAsync(Items);
            await cli.KillAsync();
        }

        target.Open();
        await File.WriteAllTextAsync(folder.Output, "mine", Cancelled);

        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireError(2, "did not write it");

        Assert.Equal("mine", await File.ReadAllTextAsync(folder.Output, Cancelled));
    }

    [Fact]
    public async Task Run_ToldToReplaceAFileAndKilled_ReplacesItWhenItGoesOn()
    {
        await File.WriteAllTextAsync(folder.Output, "old", Cancelled);
        target.HoldBeforeResponse();
        using (var cli = CliProcess.Start(folder.Run(target.Url, "--fresh")))
        {
            await target.WaitForArrivalsAsync(Items);
            await cli.KillAsync();
        }

        target.Open();

        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);

        folder.RequireEveryResponse(Items, 200);
    }

    [Fact]
    public async Task Run_StartedSeveralTimesAtOnce_SendsEachItemOnceAndRefusesTheOthers()
    {
        target.HoldBeforeResponse();
        var starts = Enumerable.Range(0, 4).Select(_ => CliProcess.Start(folder.Run(target.Url))).ToList();
        await target.WaitForArrivalsAsync(Items);
        await Eventually.BeTrueAsync(
            "three are refused",
            TimeSpan.FromSeconds(60),
            () => Task.FromResult(starts.Count(cli => cli.HasExited) == 3));
        target.Open();

        var results = await Task.WhenAll(starts.Select(cli => cli.WaitAsync()));

        starts.ForEach(cli => cli.Dispose());
        Assert.Equal([0, 2, 2, 2], results.Select(result => result.ExitCode).Order());
        folder.RequireEveryResponse(Items, 200);
        Assert.Equal(Items, target.ReceivedInAll);
        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);
    }

    [Theory]
    [InlineData("hard")]
    [InlineData("soft")]
    [InlineData("./items.jsonl")]
    [InlineData("items.jsonl")]
    [InlineData("no/../items.jsonl")]
    public async Task Run_OutputThatIsTheInput_IsRefusedAlsoWithFresh(string output)
    {
        (await RunHereAsync("""ln items.jsonl hard; ln -s items.jsonl soft; exec "$@" """, ["--out", output, "--fresh"])).RequireError(
            2,
            $"The output '{output}' is the input itself.");
        (await RunHereAsync("""exec "$@" """, ["--out", output])).RequireError(2, $"The output '{output}' is the input itself.");

        Assert.Equal(RunFolder.Payload(0), (await File.ReadAllLinesAsync(folder.Input, Cancelled))[0]);
    }

    [Theory]
    [InlineData("-", "--out items.jsonl --fresh < items.jsonl")]
    [InlineData("items.jsonl", "--out - >> items.jsonl")]
    public async Task Run_OutputThatIsTheInputByTheShell_IsRefused(string input, string rest)
    {
        using var cli = CliProcess.StartShell(
            $"""cd "$0"; exec "$@" {rest}""",
            folder.Path,
            "run",
            input,
            "--to",
            target.Url,
            "--state",
            folder.State);

        (await cli.WaitAsync()).RequireError(2, "is the input itself.");

        Assert.Equal(Items, (await File.ReadAllLinesAsync(folder.Input, Cancelled)).Length);
    }

    [Theory]
    [InlineData("results.jsonl.rollcall/receipt.json", "other.jsonl")]
    [InlineData("results.jsonl.rollcall/rollcall-run.json", "other.jsonl")]
    [InlineData("items.jsonl", "results.jsonl.rollcall/receipt.json")]
    [InlineData("items.jsonl", "results.jsonl.rollcall/engine.db")]
    [InlineData("items.jsonl", "results.jsonl.rollcall/batches/x")]
    public async Task Run_InputOrOutputOfTheStateFolder_IsRefusedAlsoWithFresh(string input, string output)
    {
        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);

        using var cli = CliProcess.StartShell(
            """cd "$0"; exec "$@" """,
            folder.Path,
            "run",
            input,
            "--to",
            target.Url,
            "--state",
            folder.State,
            "--out",
            output,
            "--fresh");

        (await cli.WaitAsync()).RequireError(2, $"belongs to the state folder '{folder.State}'.");
        Assert.True(File.Exists(Path.Combine(folder.State, "receipt.json")), "The receipt is gone.");
    }

    [Fact]
    public async Task Fresh_FilesOfOthersInTheStateFolder_AreKeptAndNamed()
    {
        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);
        string mine = Path.Combine(folder.State, "mine");
        string within = Path.Combine(folder.State, "batches", "mine");
        await File.WriteAllTextAsync(mine, "1", Cancelled);
        await File.WriteAllTextAsync(within, "2", Cancelled);

        var result = await CliProcess.RunAsync(folder.Run(target.Url, "--fresh"));

        result.RequireExit(0);
        Assert.Equal(
            $"Kept in the state folder '{folder.State}', because Rollcall did not create it: batches/mine, mine.",
            result.ErrorLines[0]);
        Assert.Equal(("1", "2"), (await File.ReadAllTextAsync(mine, Cancelled), await File.ReadAllTextAsync(within, Cancelled)));
        Assert.Equal(2 * Items, target.ReceivedInAll);
    }

    [Fact]
    public async Task Run_UnderAnOpenUmask_KeepsItsStateToItselfAndTheOutputAsTheUmaskSays()
    {
        Directory.CreateDirectory(folder.State);
        File.SetUnixFileMode(folder.State, (UnixFileMode)0b111_111_111);
        target.HoldBeforeResponse();
        using var cli = CliProcess.StartShell("""umask 0; exec "$@" """, "sh", folder.Run(target.Url));
        await target.WaitForArrivalsAsync(Items);

        var wide = WideIn(folder.State);
        int files = Directory.GetFiles(folder.State, "*", SearchOption.AllDirectories).Length;
        target.Open();
        (await cli.WaitAsync()).RequireExit(0);

        Assert.Empty(wide);
        Assert.True(files >= 5, $"Only {files} files were looked at.");
        Assert.Empty(WideIn(folder.State));
        Assert.Equal((UnixFileMode)0b110_110_110, File.GetUnixFileMode(folder.Output));
    }

    [Fact]
    public async Task Run_StateOfWideModes_IsNarrowed()
    {
        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);
        foreach (string path in Directory.GetFileSystemEntries(folder.State, "*", SearchOption.AllDirectories).Append(folder.State))
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111);
        }

        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);

        Assert.DoesNotContain(WideIn(folder.State), path => (File.GetUnixFileMode(path) & (UnixFileMode)0b000_111_111) != 0);
    }

    static List<string> WideIn(string folder) => [.. Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder)
        .Where(path => File.GetUnixFileMode(path) != (Directory.Exists(path) ? (UnixFileMode)0b111_000_000 : (UnixFileMode)0b110_000_000))];

    async Task<CliResult> RunHereAsync(string script, string[] more)
    {
        using var cli = CliProcess.StartShell($"""cd "$0"; {script}""", folder.Path, ["run", "items.jsonl", "--to", target.Url, .. more]);
        return await cli.WaitAsync();
    }
}
