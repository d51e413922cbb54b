using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>Short crash runs of the Function App: the seed is random, and is printed with the command that repeats it.</summary>
[Collection(RecoveryCollection.Name)]
public sealed class FunctionAppCrashTests
{
    [Fact]
    public async Task WorkerAndStorage_TakenAwayOnATargetThatFails_EndsWithTheItemsOwnOutcomes() =>
        await FunctionAppScenario.RunAsync(
            CrashSeed.Choose(),
            items: 400,
            CrashVictim.Worker,
            CrashVictim.Worker,
            CrashVictim.Worker,
            CrashVictim.Storage);

    [Fact]
    public async Task HostAndWorker_KilledOnATargetThatFails_EndsWithTheItemsOwnOutcomes() =>
        await FunctionAppScenario.RunAsync(CrashSeed.Choose(), items: 300, CrashVictim.Host, CrashVictim.Worker);
}
