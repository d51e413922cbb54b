namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>Short crash runs of the embedded host: the seed is random, and is printed with the command that repeats it.</summary>
public sealed class CommandLineCrashTests
{
    [Fact]
    public async Task Run_KilledManyTimesOnATargetThatFails_EndsWithTheItemsOwnOutcomes() =>
        await RunScenario.RunAsync(CrashSeed.Choose(), items: 1500, kills: 6, lateKills: 2);

    [Fact]
    public async Task Serve_KilledManyTimesOnATargetThatFails_EndsWithTheItemsOwnOutcomes() =>
        await ServeScenario.RunAsync(CrashSeed.Choose(), items: 1000, kills: 4, lateKills: 1);
}
