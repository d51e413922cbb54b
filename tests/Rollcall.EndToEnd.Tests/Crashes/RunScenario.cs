using System.Globalization;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary><c>rollcall run</c>, killed and started again with the same command until it ends.</summary>
static class RunScenario
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
        using var folder = new RunFolder();
        folder.WriteInput([.. plan.Items.Select(item => item.Payload)]);
        string[] command = folder.Run(
            run.Target.Url,
            "--concurrency",
            AtOnce.ToString(CultureInfo.InvariantCulture),
            "--fail-if",
            PlannedItem.FailIf,
            "--max-attempts",
            PlannedItem.MaxAttempts.ToString(CultureInfo.InvariantCulture));

        var cli = CliProcess.Start(command);
        try
        {
            foreach (var kill in plan.Kills)
            {
                await run.WaitForMomentAsync(kill, cli.ExitAsync());
                if (cli.HasExited)
                {
                    break;
                }

                await run.KillAsync(kill.Victim, async () =>
                {
                    await cli.KillAsync();
                    cli.Dispose();
                    cli = CliProcess.Start(command);
                });
            }

            await cli.ExitAsync().WaitAsync(CrashRun.Limit);
            (await cli.WaitAsync()).RequireExit(plan.Items.Any(item => item.Expect().ErrorCode is not null) ? 1 : 0);
        }
        finally
        {
            cli.Dispose();
        }

        run.Require(
            await File.ReadAllBytesAsync(folder.Output, TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(Path.Combine(folder.State, "receipt.json"), TestContext.Current.CancellationToken));
    }
}
