using System.Diagnostics;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>A plan while it is carried out: the target, the kills that happened, and at the end the check.</summary>
sealed class CrashRun : IAsyncDisposable
{
    /// <summary>
    /// How long a batch may take from one kill to the next, or from the last one to its end: only a batch that hangs takes so long.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    const int ShownFaults = 20;

    readonly List<CrashKill> kills = [];
    readonly long started = Stopwatch.GetTimestamp();

    public CrashRun(CrashPlan plan, int atOnce)
    {
        Plan = plan;
        AtOnce = atOnce;
        Target = new PlannedTarget(plan.Items);
        WriteLine($"seed {plan.Seed}: {plan.Items.Count} items, {plan.Kills.Count} kills. To repeat it: {CrashSeed.CommandOf(plan.Seed)}");
    }

    public CrashPlan Plan { get; }

    /// <summary>How many items are in flight at once.</summary>
    public int AtOnce { get; }

    public PlannedTarget Target { get; }

    /// <summary>Waits for a kill's moment, or until the victim ends by itself.</summary>
    public async Task WaitForMomentAsync(PlannedKill kill, Task victimEnds)
    {
        await Task.WhenAny(Target.WaitForRequestsAsync(kill.AfterRequests), victimEnds).WaitAsync(Limit);
        await Task.WhenAny(Task.Delay(kill.Delay), victimEnds);
    }

    /// <summary>Writes a kill down and has it happen.</summary>
    /// <param name="victim">What is killed.</param>
    /// <param name="killAndRestart">Ends when the victim runs again.</param>
    public async Task KillAsync(CrashVictim victim, Func<Task> killAndRestart)
    {
        var kill = new CrashKill(victim, Stopwatch.GetTimestamp(), Target.NoteKill());
        WriteLine($"{Seconds():F1} s: {victim} is killed after {Target.Seen} requests, with {kill.InFlight} in flight.");
        await killAndRestart();

        // What the dead process had sent may still be in the target's sockets.
        kills.Add(kill with { To = Stopwatch.GetTimestamp() + Stopwatch.Frequency });
    }

    /// <summary>Requires that results and receipt are what the rule asks for, by a check that knows nothing of the product.</summary>
    public void Require(byte[] results, byte[] receipt)
    {
        var log = Target.ReadLog();
        WriteLine(
            $"{Seconds():F1} s: ended after {kills.Count} kills; {log.Total} requests for {Plan.Items.Count} items, "
            + $"{log.InFlightAtKills} in flight at a kill.");
        List<string> faults =
        [
            .. new SendCheck(Plan.Items, kills, AtOnce).FindFaults(log),
            .. new ResultCheck(Plan.Items, log).FindFaults(results, receipt),
        ];
        Assert.True(
            faults.Count == 0,
            $"{faults.Count} faults with seed {Plan.Seed}. To repeat it: "
            + $"{CrashSeed.CommandOf(Plan.Seed)}\n{string.Join('\n', faults.Take(ShownFaults))}");
    }

    public ValueTask DisposeAsync() => Target.DisposeAsync();

    double Seconds() => Stopwatch.GetElapsedTime(started).TotalSeconds;

    static void WriteLine(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);
}
