namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>Short crash runs of the embedded host: the seed is random, and is printed with the command that repeats it.</summary>
public sealed class CommandLineCrashTests
{
    [Fact]
    public Task Run_KilledManyTimesOnATargetThatFails_EndsWithTheItemsOwnOutcomes() =>
        RunScenario.RunAsync(CrashSeed.Choose(), items: 2000, kills: 8, lateKills: 2);

    [Fact]
    public Task Serve_KilledManyTimesOnATargetThatFails_EndsWithTheItemsOwnOutcomes() =>
        ServeScenario.RunAsync(CrashSeed.Choose(), items: 1500, kills: 5, lateKills: 1);
}
