namespace Rollcall.EndToEnd.Tests.Cli;

public sealed class PaceTests
{
    [Fact]
    public async Task Run_WithARate_ComesNearItAndNeverExceedsIt()
    {
        await using var target = await MeteredTarget.StartAsync();
        using var folder = new RunFolder(items: 400);

        (await CliProcess.RunAsync(folder.Run(target.Url, "--rate", "50", "--concurrency", "10"))).RequireExit(0);

        folder.RequireEveryResponse(400, 0);
        target.RequireRate(50, from: TimeSpan.FromSeconds(1));
        // A tenth less than the rate, and again a fifth for a machine whose processors have other work.
        Assert.True(target.MeanPerSecond > 36, $"{target.MeanPerSecond:F1} requests came a second; 50 are allowed.");
    }

    [Fact]
    public async Task Run_WithARateOfOneInTenSeconds_WaitsWithoutHoldingUp()
    {
        await using var target = await MeteredTarget.StartAsync();
        using var folder = new RunFolder(items: 3);

        (await CliProcess.RunAsync(folder.Run(target.Url, "--rate", "0.1", "--concurrency", "3"))).RequireExit(0);

        folder.RequireEveryResponse(3, 0);
        // The first one of a process that has sent nothing yet is late.
        Assert.All(target.Arrivals.Zip(target.Arrivals.Skip(1)), pair => Assert.InRange((pair.Second - pair.First).TotalSeconds, 8, 60));
    }

    [Fact]
    public async Task Run_WithAConcurrency_UsesItAndNeverExceedsIt()
    {
        await using var target = await MeteredTarget.StartAsync();
        target.ResponseTime = TimeSpan.FromMilliseconds(20);
        target.RequestsAwaited = 7;
        using var folder = new RunFolder(items: 500);

        (await CliProcess.RunAsync(folder.Run(target.Url, "--concurrency", "7"))).RequireExit(0);

        Assert.Equal(7, target.MostInFlight);
    }

    [Fact]
    public async Task Run_TargetThatTakesFourAtOnce_GetsFewerUntilEveryItemSucceeds()
    {
        await using var target = await MeteredTarget.StartAsync();
        target.ResponseTime = TimeSpan.FromMilliseconds(20);
        target.Takes = 4;
        using var folder = new RunFolder(items: 500);

        (await CliProcess.RunAsync(folder.Run(target.Url, "--concurrency", "64", "--max-attempts", "1"))).RequireExit(0);

        folder.RequireEveryResponse(500, 0);
        Assert.True(target.Refusals.Count < 500, $"The target refused {target.Refusals.Count} requests for 500 that it took.");
    }

    [Fact]
    public async Task Run_TargetThatAsksForAWait_IsLeftAloneForIt()
    {
        await using var target = await MeteredTarget.StartAsync();
        target.ResponseTime = TimeSpan.FromMilliseconds(50);
        target.Takes = 8;
        target.RetryAfterSeconds = 4;
        using var folder = new RunFolder(items: 60);

        (await CliProcess.RunAsync(folder.Run(target.Url, "--concurrency", "32", "--max-attempts", "1"))).RequireExit(0);

        folder.RequireEveryResponse(60, 0);

        // The response that asks for the wait is on its way while the last requests of before still come in.
        var first = target.Refusals.Min();
        var during = target.Arrivals.Where(at => at - first > TimeSpan.FromSeconds(2) && at - first < TimeSpan.FromSeconds(3.9));
        Assert.Empty(during);
    }
}
