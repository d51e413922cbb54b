using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>Short crash runs of the Function App: the seed is random, and is printed with the command that repeats it.</summary>
[Collection(OwnAppCollection.Name)]
public sealed class FunctionAppCrashTests
{
    [Fact]
    public Task Worker_KilledManyTimesOnATargetThatFails_EndsWithTheItemsOwnOutcomes() =>
        FunctionAppScenario.RunAsync(CrashSeed.Choose(), items: 600, CrashVictim.Worker, CrashVictim.Worker, CrashVictim.Worker);

    [Fact]
    public Task HostStorageAndWorker_TakenAwayOnATargetThatFails_EndsWithTheItemsOwnOutcomes() =>
        FunctionAppScenario.RunAsync(CrashSeed.Choose(), items: 400, CrashVictim.Host, CrashVictim.Storage, CrashVictim.Worker);
}
