namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary><c>rollcall run --fresh</c>, and state folders that were not made or deleted to the end.</summary>
public sealed class RunFreshTests
{
    const int Concurrency = 16;

    [Fact]
    public async Task CtrlC_OfAFreshRun_SaysToGoOnWithoutFreshAndThatSendsNothingAgain()
    {
        const int Items = 40;
        await using var target = await GatedTarget.StartAsync(responseBytes: 5000);
        target.HoldMidBody();
        using var folder = new RunFolder(Items);
        using var cli = CliProcess.Start(folder.Run(target.Url, "--concurrency", "16", "--fresh"));
        await target.WaitForHalvesAsync(Concurrency);

        cli.Interrupt();
        await cli.WaitForErrorAsync("Stopping");
        target.Open();
        var stopped = await cli.WaitAsync();

        stopped.RequireExit(3);
        Assert.EndsWith(
            $"{Concurrency} of {Items} items are recorded; run the same command without --fresh to resume.",
            stopped.ErrorLines[^1],
            StringComparison.Ordinal);
        (await CliProcess.RunAsync(folder.Run(target.Url, "--concurrency", "16"))).RequireExit(0);
        folder.RequireEveryResponse(Items, 5000);
        Assert.Equal(Items, target.ReceivedInAll);
    }

    [Fact]
    public async Task Fresh_OfARunThatIsAlive_IsRefusedAndTheRunEndsWhole()
    {
        await using var target = await GatedTarget.StartAsync(responseBytes: 200);
        target.HoldBeforeResponse();
        using var folder = new RunFolder(items: 3);
        using var first = CliProcess.Start(folder.Run(target.Url));
        await target.WaitForArrivalsAsync(3);

        (await CliProcess.RunAsync(folder.Run(target.Url, "--fresh"))).RequireError(2, "Another rollcall run is using the state folder");

        target.Open();
        (await first.WaitAsync()).RequireExit(0);
        folder.RequireEveryResponse(3, 200);
        Assert.Equal(3, target.ReceivedInAll);
    }

    [Fact]
    public async Task Fresh_OfAStateThatIsDamaged_BeginsAnew()
    {
        await using var target = await GatedTarget.StartAsync(responseBytes: 200);
        using var folder = new RunFolder(items: 3);
        Directory.CreateDirectory(folder.State);
        await File.WriteAllTextAsync(Path.Combine(folder.State, "rollcall-run.json"), "null", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder.State, "engine.db"), new string('x', 5000), TestContext.Current.CancellationToken);

        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireError(
            2,
            "cannot be read (It names no batch.). Use --fresh to start over.");
        (await CliProcess.RunAsync(folder.Run(target.Url, "--fresh"))).RequireExit(0);

        folder.RequireEveryResponse(3, 200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StateFolder_ThatWasMadeByHalf_IsUsed(bool isFresh)
    {
        await using var target = await GatedTarget.StartAsync(responseBytes: 200);
        using var folder = new RunFolder(items: 3);
        Directory.CreateDirectory(Path.Combine(folder.State, "batches"));
        await File.WriteAllTextAsync(Path.Combine(folder.State, "rollcall-run.json.tmp"), "{\"bat", TestContext.Current.CancellationToken);

        (await CliProcess.RunAsync(folder.Run(target.Url, isFresh ? ["--fresh"] : []))).RequireExit(0);

        folder.RequireEveryResponse(3, 200);
    }

    [Fact]
    public async Task StateFolder_ThatWasDeletedByHalf_IsUsedWithFreshAndDoesNotMakeTheOutputTheRuns()
    {
        await using var target = await GatedTarget.StartAsync(responseBytes: 200);
        using var folder = new RunFolder(items: 3);
        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(0);
        Directory.Delete(Path.Combine(folder.State, "batches"), recursive: true);
        File.Delete(Path.Combine(folder.State, "receipt.json"));

        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireError(2, "did not write it");
        (await CliProcess.RunAsync(folder.Run(target.Url, "--fresh"))).RequireExit(0);

        folder.RequireEveryResponse(3, 200);
        Assert.Equal(6, target.ReceivedInAll);
    }

    [Theory]
    [InlineData("; run the same command to resume.")]
    [InlineData("; run the same command without --fresh to resume.", "--fresh")]
    public async Task StateFolder_OnADiskThatIsFull_IsNotFinishedAndUsedLater(string expected, params string[] more)
    {
        await using var target = await GatedTarget.StartAsync(responseBytes: 200);
        using var folder = new RunFolder(items: 3);
        Directory.CreateDirectory(folder.State);

        // The device that has no room takes the place of the file that is first written.
        File.CreateSymbolicLink(Path.Combine(folder.State, "rollcall-run.json.tmp"), "/dev/full");

        var full = await CliProcess.RunAsync(folder.Run(target.Url, more));
        var later = await CliProcess.RunAsync(folder.Run(target.Url));

        full.RequireError(3, $"The state folder '{folder.State}' cannot be written: ");
        Assert.EndsWith(expected, full.ErrorLines[^1], StringComparison.Ordinal);
        later.RequireExit(0);
        folder.RequireEveryResponse(3, 200);
    }

    [Fact]
    public async Task StateFolder_WithBatchesOfSomethingElse_IsNotTouched()
    {
        using var folder = new RunFolder(items: 1);
        string other = Path.Combine(folder.State, "batches", "b1");
        Directory.CreateDirectory(other);

        (await CliProcess.RunAsync(folder.Run("http://127.0.0.1:9/", "--fresh"))).RequireError(2, "is not a state folder");

        Assert.True(Directory.Exists(other));
    }
}
