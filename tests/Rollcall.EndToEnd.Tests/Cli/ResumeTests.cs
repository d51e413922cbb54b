namespace Rollcall.EndToEnd.Tests.Cli;

public sealed class ResumeTests
{
    const int Concurrency = 16;

    [Fact]
    public async Task Kill_WhileBodiesAreBeingRead_NeverRecordsAShortResponse()
    {
        const int Items = 60;
        const int ResponseBytes = 2 * 1024 * 1024;
        await using var target = await GatedTarget.StartAsync(ResponseBytes);
        using var folder = new RunFolder(Items);
        const int Kills = 3;
        for (int kill = 0; kill < Kills; kill++)
        {
            target.HoldMidBody();
            using var cli = CliProcess.Start(folder.Run(target.Url, "--concurrency", "16"));
            await target.WaitForHalvesAsync(Concurrency);
            await cli.KillAsync();
            target.Open();
        }

        (await CliProcess.RunAsync(folder.Run(target.Url, "--concurrency", "16"))).RequireExit(0);

        folder.RequireEveryResponse(Items, ResponseBytes);
        Assert.InRange(target.ReceivedInAll, Items + Concurrency, Items + (Kills * Concurrency));
        Assert.All(target.Keys, keys => Assert.Single(keys.Value.Distinct()));
    }

    [Fact]
    public async Task Kill_AtRandomMoments_EndsWithOneOutcomeForEachItem()
    {
        const int Items = 1500;
        const int Kills = 12;
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var target = await GatedTarget.StartAsync(responseBytes: 600);
        using var folder = new RunFolder(Items);
        for (int kill = 0; kill < Kills; kill++)
        {
            using var cli = CliProcess.Start(folder.Run(target.Url, "--concurrency", "16"));
            await target.WaitForArrivalsAsync(random.Next(1, 100));
            await cli.KillAsync();
        }

        (await CliProcess.RunAsync(folder.Run(target.Url, "--concurrency", "16"))).RequireExit(0);

        folder.RequireEveryResponse(Items, 600);
        Assert.Equal(Items, target.Received.Count);
        Assert.True(
            target.ReceivedInAll <= Items + (Kills * Concurrency),
            $"{target.ReceivedInAll - Items} items were sent again, but {Kills} kills with {Concurrency} in flight explain only "
            + $"{Kills * Concurrency} (seed {seed}).");
    }

    [Fact]
    public async Task CtrlC_Once_FinishesWhatIsInFlightAndGoesOnLater()
    {
        const int Items = 40;
        await using var target = await GatedTarget.StartAsync(responseBytes: 5000);
        target.HoldMidBody();
        using var folder = new RunFolder(Items);
        using var cli = CliProcess.Start(folder.Run(target.Url, "--concurrency", "16"));
        await target.WaitForHalvesAsync(Concurrency);

        cli.Interrupt();
        await cli.WaitForErrorAsync("Stopping");
        Assert.False(cli.HasExited, "The command ended before the answers in flight were read.");
        target.Open();
        var stopped = await cli.WaitAsync();

        stopped.RequireExit(3);
        Assert.Contains(
            $"{Concurrency} of {Items} items are recorded; run the same command to resume.",
            stopped.Errors,
            StringComparison.Ordinal);
        Assert.Equal(Concurrency, target.ReceivedInAll);

        (await CliProcess.RunAsync(folder.Run(target.Url, "--concurrency", "16"))).RequireExit(0);
        folder.RequireEveryResponse(Items, 5000);
        Assert.All(target.Received, item => Assert.True(item.Value == 1, $"{item.Key} was recorded and sent again."));
    }

    [Fact]
    public async Task CtrlC_Twice_EndsAtOnceAndLosesNothing()
    {
        const int Items = 40;
        await using var target = await GatedTarget.StartAsync(responseBytes: 5000);
        target.HoldMidBody();
        using var folder = new RunFolder(Items);
        using var cli = CliProcess.Start(folder.Run(target.Url, "--concurrency", "16"));
        await target.WaitForHalvesAsync(Concurrency);

        cli.Interrupt();
        await cli.WaitForErrorAsync("Stopping");
        cli.Interrupt();
        (await cli.WaitAsync()).RequireExit(3);

        target.Open();
        (await CliProcess.RunAsync(folder.Run(target.Url, "--concurrency", "16"))).RequireExit(0);
        folder.RequireEveryResponse(Items, 5000);
    }

    [Fact]
    public async Task Run_StoreThatCannotBeWritten_StopsWithTheReasonAndGoesOnLater()
    {
        const int Items = 5;
        await using var target = await GatedTarget.StartAsync(responseBytes: 200);
        target.HoldBeforeResponse();
        using var folder = new RunFolder(Items);
        using (var cli = CliProcess.Start(folder.Run(target.Url)))
        {
            await target.WaitForArrivalsAsync(Items);
            await cli.KillAsync();
        }

        // A folder in the place of the file that has the shard's results.
        string batch = Assert.Single(Directory.GetDirectories(Path.Combine(folder.State, "batches")));
        string obstacle = Path.Combine(batch, "results", "000000.jsonl");
        Directory.CreateDirectory(obstacle);
        target.Open();
        var result = await CliProcess.RunAsync(folder.Run(target.Url));
        result.RequireExit(3);
        Assert.Contains("000000.jsonl", result.Errors, StringComparison.Ordinal);

        Directory.Delete(obstacle);
        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);
        folder.RequireEveryResponse(Items, 200);
    }

    [Fact]
    public async Task Run_CrashWhileItTidiesUp_DeliversWithoutSendingAgain()
    {
        const int Items = 5;
        await using var target = await GatedTarget.StartAsync(responseBytes: 200);
        target.HoldBeforeResponse();
        using var folder = new RunFolder(Items);
        using (var cli = CliProcess.Start(folder.Run(target.Url)))
        {
            await target.WaitForArrivalsAsync(Items);
            await cli.KillAsync();
        }

        // A folder in the place of the receipt's temporary file stops the run between the output and the note that it is written.
        string obstacle = Path.Combine(folder.State, "receipt.json.tmp");
        Directory.CreateDirectory(obstacle);
        target.Open();
        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(3);
        Directory.Delete(obstacle);
        File.Delete(Path.Combine(folder.State, "engine.db"));
        int received = target.ReceivedInAll;

        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);

        folder.RequireEveryResponse(Items, 200);
        Assert.Equal(received, target.ReceivedInAll);
        Assert.Empty(Directory.GetFiles(folder.State, "engine.db*"));
    }
}
