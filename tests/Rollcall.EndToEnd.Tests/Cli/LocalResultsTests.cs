namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Reading the results of a run of this machine while it runs, and after it was stopped.</summary>
public sealed class LocalResultsTests : IAsyncLifetime
{
    const int Items = 250;
    const int LastOfFirstShard = 99;

    readonly RunFolder folder = new(Items);
    GatedTarget target = null!;

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => target = await GatedTarget.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Results_OfARunThatRuns_AreThoseThatAreRecordedAndTheRunIsNotDisturbed()
    {
        target.Fails = payload => payload == RunFolder.Payload(LastOfFirstShard);
        target.HoldBeforeResponse(payload => payload == RunFolder.Payload(120));
        using var run = CliProcess.Start(folder.Run(target.Url, "--max-attempts", "1"));
        await WaitForShardsAsync(2);

        var soFar = await CliProcess.RunAsync("results", folder.Output, "--so-far");
        var plain = await CliProcess.RunAsync("results", folder.State);
        string file = Path.Combine(folder.Path, "some.csv");
        var table = await CliProcess.RunAsync(
            "results", folder.Output, "--so-far", "--code", "http-status", "--format", "csv", "-o", file);
        var noFile = await CliProcess.RunAsync("results", folder.Output, "-o", file + "2");
        using var follower = CliProcess.Start("results", folder.Output, "--follow");
        await follower.WaitForOutputAsync("\"index\":99,");
        target.Open();
        (await run.WaitAsync()).RequireExit(1);
        var followed = await follower.WaitAsync();

        soFar.RequireExit(0);
        Assert.Equal("150 of 250 outcomes are recorded.\n", soFar.Errors);
        Assert.Equal([.. Enumerable.Range(0, 100), .. Enumerable.Range(200, 50)], IndexesOf(soFar.Output));
        Assert.Equal((3, soFar.Output), (plain.ExitCode, plain.Output));
        Assert.Contains("has not ended. 150 of 250 outcomes are recorded. Add --follow", plain.Errors, StringComparison.Ordinal);
        table.RequireExit(0);
        Assert.StartsWith("99,,failed,500,", (await File.ReadAllLinesAsync(file, Cancelled))[1], StringComparison.Ordinal);
        noFile.RequireError(3, "No file was written: add --follow");
        Assert.False(File.Exists(file + "2"));
        followed.RequireExit(0);
        Assert.Equal(await File.ReadAllTextAsync(folder.Output, Cancelled), followed.Output);
    }

    [Fact]
    public async Task Results_OfARunThatWasKilled_AreReadAndToFollowItSaysThatNothingRuns()
    {
        target.HoldBeforeResponse(payload => payload == RunFolder.Payload(120));
        using var run = CliProcess.Start(folder.Run(target.Url));
        await WaitForShardsAsync(2);
        await run.KillAsync();

        var soFar = await CliProcess.RunAsync("results", folder.Output, "--so-far");
        var followed = await CliProcess.RunAsync("results", folder.Output, "--follow");
        target.Open();
        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);
        var whole = await CliProcess.RunAsync("results", folder.Output, "--from", "200");
        await File.AppendAllTextAsync(folder.Output, "x", Cancelled);
        var changed = await CliProcess.RunAsync("results", folder.Output);

        Assert.Equal((0, 150), (soFar.ExitCode, IndexesOf(soFar.Output).Count));
        Assert.Equal((3, 100), (followed.ExitCode, IndexesOf(followed.Output).Count));
        Assert.Contains("was stopped. 100 results were written.", followed.Errors, StringComparison.Ordinal);
        Assert.Contains("follow it with --from 100.", followed.Errors, StringComparison.Ordinal);
        whole.RequireExit(0);
        Assert.Equal(Enumerable.Range(200, 50), IndexesOf(whole.Output));
        changed.RequireExit(3);
        Assert.Contains(
            $"The results are in '{folder.Output}' alone, which is gone or has changed since it was written.",
            changed.Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_OfARunThatIsRetried_AreTheOldOnesUntilTheNewAreThereAndAreKept()
    {
        target.Fails = payload => payload == RunFolder.Payload(50) || payload == RunFolder.Payload(150);
        (await CliProcess.RunAsync(folder.Run(target.Url, "--max-attempts", "1"))).RequireExit(1);
        string before = await File.ReadAllTextAsync(folder.Output, Cancelled);
        target.Fails = _ => false;
        target.HoldBeforeResponse(payload => payload == RunFolder.Payload(150));
        using var retry = CliProcess.Start("retry", folder.Output);
        await Eventually.BeTrueAsync(
            "a shard is written", TimeSpan.FromSeconds(30), () => Task.FromResult(Directory.Exists(Runs) && Shards(Runs).Length == 1));

        var soFar = await CliProcess.RunAsync("results", folder.Output, "--so-far", "--status", "failed");
        using var follower = CliProcess.Start("results", folder.Output, "--follow");
        await follower.WaitForOutputAsync("\"index\":99,");
        target.Open();
        (await retry.WaitAsync()).RequireExit(0);
        var followed = await follower.WaitAsync();
        var first = await CliProcess.RunAsync("results", folder.Output, "--run", "1");

        Assert.Equal([150], IndexesOf(soFar.Output));
        Assert.Equal(
            "250 of 250 outcomes are recorded, some of them by the run before, because the retry has not ended.\n", soFar.Errors);
        followed.RequireExit(0);
        Assert.Equal(await File.ReadAllTextAsync(folder.Output, Cancelled), followed.Output);
        Assert.Equal((0, before), (first.ExitCode, first.Output));
        (await CliProcess.RunAsync("results", folder.Output, "--run", "3")).RequireError(2, "has no run 3: its newest is run 2.");
    }

    [Theory]
    [InlineData("--so-far and --follow are both given", "x.jsonl", "--so-far", "--follow")]
    [InlineData("--id is for a batch on a server", "x.jsonl", "--id", "a")]
    [InlineData("--so-far is for a run of this machine", "batch", "--so-far")]
    [InlineData("There is no run in the state folder 'no/where.rollcall'.", "no/where")]
    public async Task Results_OfWhatIsNoRun_AreRefused(string expected, params string[] arguments) =>
        (await CliProcess.RunAsync(["results", .. arguments])).RequireError(2, expected);

    static List<int> IndexesOf(string lines) =>
    [
        .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("index").GetInt32()),
    ];

    string Batch => Directory.GetDirectories(Path.Combine(folder.State, "batches")).Single();

    string Runs => Path.Combine(Batch, "runs", "2", "results");

    static string[] Shards(string results) => Directory.GetFiles(results, "*.jsonl");

    Task WaitForShardsAsync(int count) => Eventually.BeTrueAsync(
        "the shards are written",
        TimeSpan.FromSeconds(30),
        () => Task.FromResult(
            Directory.Exists(Path.Combine(folder.State, "batches"))
            && Directory.EnumerateFiles(Path.Combine(folder.State, "batches"), "0*.jsonl", SearchOption.AllDirectories).Count() == count));
}
