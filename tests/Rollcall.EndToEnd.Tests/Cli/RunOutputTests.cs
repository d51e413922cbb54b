using System.Text.Json.Nodes;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Whose file the output of <c>rollcall run</c> is.</summary>
public sealed class RunOutputTests : IAsyncLifetime
{
    readonly RunFolder folder = new(items: 3);
    GatedTarget target = null!;

    string Other => Path.Combine(folder.Path, "other.jsonl");

    public async ValueTask InitializeAsync() => target = await GatedTarget.StartAsync(responseBytes: 200);

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Output_ThatTheRunDidNotWrite_IsNotReplaced()
    {
        await KillARunAsync();
        await File.WriteAllTextAsync(Other, "mine", TestContext.Current.CancellationToken);

        var result = await RunAsync("--out", Other, "--state", folder.State);

        result.RequireError(
            2,
            $"The output '{Other}' already exists and does not belong to the run in '{folder.State}', whose output is '{folder.Output}'.");
        Assert.Equal("mine", await File.ReadAllTextAsync(Other, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Output_BesideAStateFolderThatIsEmpty_IsNotReplaced()
    {
        Directory.CreateDirectory(folder.State);
        await File.WriteAllTextAsync(folder.Output, "mine", TestContext.Current.CancellationToken);

        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireError(2, "already exists");

        Assert.Equal("mine", await File.ReadAllTextAsync(folder.Output, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Output_OtherThanTheOneOfABatchThatIsDone_NamesTheOneThatWasWritten()
    {
        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);

        var result = await RunAsync("--out", Other, "--state", folder.State);

        result.RequireError(2, $"its results were written to '{folder.Output}'");
        Assert.False(File.Exists(Other));
        Assert.Equal(3, target.ReceivedInAll);
    }

    [Fact]
    public async Task Output_OtherThanTheOneOfARunThatGoesOn_IsWrittenAndFromThenOnTheRuns()
    {
        await KillARunAsync();
        target.Open();

        var first = await RunAsync("--out", Other, "--state", folder.State);
        var again = await RunAsync("--out", Other, "--state", folder.State);

        first.RequireExit(0);
        again.RequireExit(0);
        Assert.Equal(first.Output, again.Output);
        Assert.Equal(3, (await File.ReadAllLinesAsync(Other, TestContext.Current.CancellationToken)).Length);
        Assert.False(File.Exists(folder.Output));
    }

    [Fact]
    public async Task StateFolder_ThatDoesNotNameTheOutput_IsReadAsOfTheOutputThatIsGiven()
    {
        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);
        string file = Path.Combine(folder.State, "rollcall-run.json");
        var content = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!.AsObject();
        Assert.True(content.Remove("output"));
        await File.WriteAllTextAsync(file, content.ToJsonString(), TestContext.Current.CancellationToken);

        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);

        Assert.Equal(3, target.ReceivedInAll);
    }

    [Fact]
    public async Task Run_ThatSendsNothing_TouchesNoFileBesideTheOutput()
    {
        string temporary = folder.Output + ".tmp";
        await File.WriteAllTextAsync(temporary, "mine", TestContext.Current.CancellationToken);
        folder.WriteInput("{bad");

        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(2);

        Assert.Equal("mine", await File.ReadAllTextAsync(temporary, TestContext.Current.CancellationToken));
        Assert.Equal([folder.Input, temporary], Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal));
    }

    Task<CliResult> RunAsync(params string[] more) => CliProcess.RunAsync(["run", folder.Input, "--to", target.Url, .. more]);

    async Task KillARunAsync()
    {
        target.HoldBeforeResponse();
        using var cli = CliProcess.Start(folder.Run(target.Url));
        await target.WaitForArrivalsAsync(3);
        await cli.KillAsync();
    }
}
