namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>A run that is gone on with under other options.</summary>
public sealed class RunChangesTests : IAsyncLifetime
{
    const int Items = 150;

    readonly RunFolder folder = new(Items);
    GatedTarget target = null!;

    public async ValueTask InitializeAsync() => target = await GatedTarget.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Run_WithOtherOptions_SaysEachWithItsOldValueAndGoesByThem()
    {
        await KillAtAsync(arrivals: 2, "--concurrency", "2", "--rate", "9000", "--max-failed", "1", "--no-retry-timeouts");
        target.Status = 500;
        target.Open();

        var result = await CliProcess.RunAsync(folder.Run(
            target.Url,
            "--concurrency",
            "8",
            "--rate",
            "8000",
            "--timeout",
            "50",
            "--max-attempts",
            "1",
            "--max-failed-percent",
            "100",
            "--deadline",
            "900",
            "--max-body-bytes",
            "99",
            "--follow-redirects"));

        result.RequireExit(1);
        Assert.Equal(
            "Resuming at 0 of 150 with --concurrency 8 (was 2), --rate 8000 (was 9000), --timeout 50 (was 100), --max-body-bytes 99 (was "
            + "104857600), --follow-redirects (was off), "
                + "no --max-failed (was 1), --max-failed-percent 100 (was none), --deadline 900 (was none), --max-attempts 1 (was 4), no "
                    + "--no-retry-timeouts (was on).",
            result.ErrorLines[0]);
        Assert.Contains($"{Items} failed", result.Output, StringComparison.Ordinal);
        Assert.All(folder.ReadResults(Items), line => Assert.Equal(1, line.GetProperty("attempts").GetInt32()));
    }

    [Fact]
    public async Task Run_WithMoreAtOnce_HasSoManyInFlight()
    {
        // With a limit of failures the orchestration itself holds the items back.
        await KillAtAsync(arrivals: 2, "--concurrency", "2", "--max-failed", "1");
        using var cli = CliProcess.Start(folder.Run(target.Url, "--concurrency", "8", "--max-failed", "1"));

        await Eventually.BeTrueAsync("8 are in flight", TimeSpan.FromSeconds(30), () => Task.FromResult(target.InFlight == 8));
        target.Open();

        (await cli.WaitAsync()).RequireExit(0);
        folder.RequireEveryResponse(Items, 0);
    }

    [Fact]
    public async Task Run_WithFewerFailuresAllowed_EndsEarly()
    {
        await KillAtAsync(arrivals: 2, "--concurrency", "2", "--max-failed", "149", "--max-attempts", "1");
        target.Open();
        target.Status = 500;

        var result = await CliProcess.RunAsync(folder.Run(target.Url, "--concurrency", "2", "--max-failed", "3", "--max-attempts", "1"));

        result.RequireExit(1);
        Assert.EndsWith(
            " · ended early, failed: More items failed than are allowed: at most 3 items.\n",
            result.Output,
            StringComparison.Ordinal);
        Assert.InRange(target.ReceivedInAll, 4, 12);
    }

    [Fact]
    public async Task Run_ThatIsKilledAsItGoesOn_KeepsWhatItWasChangedTo()
    {
        await KillAtAsync(arrivals: 2, "--concurrency", "2", "--max-failed", "1", "--max-attempts", "1");
        await KillAtAsync(arrivals: 2, "--concurrency", "2", "--max-failed", "150", "--max-attempts", "1");
        target.Status = 500;
        target.Open();

        var result = await CliProcess.RunAsync(folder.Run(target.Url, "--concurrency", "2", "--max-failed", "150", "--max-attempts", "1"));

        result.RequireExit(1);
        Assert.StartsWith("Resuming at 0 of 150.\n", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("ended early", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithAnotherTargetOrOtherItems_IsRefusedWithBothValues()
    {
        (await CliProcess.RunAsync(folder.Run(target.Url + "a?key=0ld"))).RequireExit(0);
        int sent = target.ReceivedInAll;
        string state = folder.State;

        await RequireRefusalAsync($"--to is http://127.0.0.1:9/, but the run in '{state}' sends to {target.Url}a.", "http://127.0.0.1:9/");
        await RequireRefusalAsync(
            $"--to has a different query from the run in '{state}', which sends to {target.Url}a.",
            target.Url + "a?key=n3w");
        await RequireRefusalAsync($"--input is items, but the run in '{state}' has lines.", target.Url + "a?key=0ld", "--input", "items");
        folder.WriteInput("1", "2");
        await RequireRefusalAsync($"'{folder.Input}' has 2 items, but the run in '{state}' has 150.", target.Url + "a?key=0ld");
        folder.WriteInput([.. Enumerable.Range(1000, Items).Select(RunFolder.Payload)]);
        await RequireRefusalAsync(
            $"'{folder.Input}' has other items than the run in '{state}', although equally many.",
            target.Url + "a?key=0ld");
        Assert.Equal(sent, target.ReceivedInAll);
    }

    async Task RequireRefusalAsync(string expected, string url, params string[] more)
    {
        var result = await CliProcess.RunAsync(folder.Run(url, more));
        result.RequireError(2, $"rollcall: {expected} A run's items and target cannot change: ");
        Assert.DoesNotContain("0ld", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("n3w", result.Errors, StringComparison.Ordinal);
    }

    // Leaves the responses held back.
    async Task KillAtAsync(int arrivals, params string[] options)
    {
        target.HoldBeforeResponse();
        using var cli = CliProcess.Start(folder.Run(target.Url, options));
        await target.WaitForArrivalsAsync(arrivals);
        await cli.KillAsync();
    }
}
