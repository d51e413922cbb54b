using System.Diagnostics;
using System.Globalization;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>
/// Crash runs for as long as <c>ROLLCALL_CRASH_MINUTES</c> says, an hour by default: explicit, and so no part of a usual test run.
/// </summary>
[Collection(OwnAppCollection.Name)]
public sealed class LongCrashTests
{
    const string Variable = "ROLLCALL_CRASH_MINUTES";

    /// <summary>A round is its seed's alone, so that the seed of a round that fails repeats it as the first round.</summary>
    [Fact(Explicit = true)]
    public async Task EveryHost_KilledForHours_EndsWithTheItemsOwnOutcomes()
    {
        var limit = TimeSpan.FromMinutes(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text
            ? double.Parse(text, CultureInfo.InvariantCulture)
            : 60);
        long started = Stopwatch.GetTimestamp();
        int seed = CrashSeed.Choose();
        do
        {
            await RunRoundAsync(seed);
            seed = seed == int.MaxValue ? 0 : seed + 1;
        }
        while (Stopwatch.GetElapsedTime(started) < limit);
    }

    static Task RunRoundAsync(int seed)
    {
        var random = new Random(seed);
        return (seed % 4) switch
        {
            0 => RunScenario.RunAsync(seed, random.Next(2000, 10_000), random.Next(5, 25), random.Next(4)),
            1 => ServeScenario.RunAsync(seed, random.Next(2000, 10_000), random.Next(5, 25), random.Next(4)),
            2 => FunctionAppScenario.RunAsync(seed, random.Next(300, 3000), Victims(random, CrashVictim.Worker)),
            _ =>
                FunctionAppScenario.RunAsync(
                    seed,
                    random.Next(300, 1500),
                    Victims(random, CrashVictim.Worker, CrashVictim.Host, CrashVictim.Storage)),
        };
    }

    // Up to 4: the platform is asked for an activity 5 times, so an item that is in flight at every kill still has its outcome.
    static CrashVictim[] Victims(Random random, params CrashVictim[] kinds) => random.GetItems(kinds, random.Next(1, 5));
}
