using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>The Function App on a storage account of its own, whose worker, host and storage are taken away and come back.</summary>
static class FunctionAppScenario
{
    const int AtOnce = 48;

    public static async Task RunAsync(int seed, int items, params IReadOnlyList<CrashVictim> victims)
    {
        await using var run = new CrashRun(CrashPlan.Create(seed, items, victims), AtOnce);
        await using var app = await OwnApp.StartAsync();
        using var batch = new CrashBatch(() => app.Host.Url);
        await batch.StartAsync(run);
        foreach (var kill in run.Plan.Kills)
        {
            await run.WaitForMomentAsync(kill, app.Host.ExitAsync());
            await run.KillAsync(kill.Victim, () => KillAsync(app, kill.Victim));
        }

        await batch.RequireAsync(run);
    }

    static async Task KillAsync(OwnApp app, CrashVictim victim)
    {
        switch (victim)
        {
            case CrashVictim.Worker:
                await app.Host.CrashWorkerAsync();
                break;
            case CrashVictim.Host:
                await app.Host.KillAsync();
                await app.Host.StartAgainAsync();
                break;
            case CrashVictim.Storage:
                await app.Azurite.StopAsync();
                await app.Azurite.StartAgainAsync();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(victim), victim, "It is no part of the Function App.");
        }
    }
}
