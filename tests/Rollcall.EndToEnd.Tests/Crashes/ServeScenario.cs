using Rollcall.EndToEnd.Tests.Client;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary><c>rollcall serve</c>, killed and started again while it has a batch.</summary>
static class ServeScenario
{
    const int AtOnce = 48;

    public static async Task RunAsync(int seed, int items, int kills, int lateKills)
    {
        var plan = CrashPlan.Create(
            seed,
            items,
            [.. Enumerable.Repeat(CrashVictim.CommandLine, kills)],
            [.. Enumerable.Repeat(CrashVictim.CommandLine, lateKills)]);
        await using var run = new CrashRun(plan, AtOnce);
        using var server = await LocalServer.StartAsync();
        using var batch = new CrashBatch(() => new Uri(server.Url));
        await batch.StartAsync(run);
        foreach (var kill in plan.Kills)
        {
            await run.WaitForMomentAsync(kill, server.ExitAsync());
            await run.KillAsync(kill.Victim, async () =>
            {
                await server.KillAsync();
                await server.StartAgainAsync();
            });
        }

        await batch.RequireAsync(run);
    }
}
