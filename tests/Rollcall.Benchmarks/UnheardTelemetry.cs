using System.Diagnostics;
using Rollcall.Items;
using Rollcall.Telemetry;

namespace Rollcall.Benchmarks;

/// <summary>
/// What it takes to tell of an item of one attempt if nobody listens: the calls that the sender and a shard's writing make.
/// </summary>
static class UnheardTelemetry
{
    const int ItemsPerShard = 100;

    public static void Measure(Load load)
    {
        using var telemetry = new BatchTelemetry(TimeProvider.System);
        var outcome = new ItemOutcome { Index = 0, Status = OutcomeStatus.Succeeded, HttpStatus = 200, Attempts = 1, DurationMs = 1.5 };
        ItemOutcome[] shard = [.. Enumerable.Repeat(outcome, ItemsPerShard)];
        int shards = load.Of(5_000_000) / ItemsPerShard;
        var nanoseconds = new List<double>();

        // The first is for the compiler.
        for (int run = 0; run <= load.Pairs; run++)
        {
            long began = Stopwatch.GetTimestamp();
            for (int number = 0; number < shards; number++)
            {
                Tell(telemetry, shard);
            }

            nanoseconds.Add(Stopwatch.GetElapsedTime(began).TotalNanoseconds / shards / ItemsPerShard);
        }

        Figures.Header("telemetry that nobody listens to", "nanoseconds an item");
        Figures.Row("one attempt", Figures.Ratios(nanoseconds.Skip(1), "F0"));
    }

    static void Tell(BatchTelemetry telemetry, ItemOutcome[] shard)
    {
        foreach (var outcome in shard)
        {
            long waitsSince = TimeProvider.System.GetTimestamp();
            telemetry.Waited(WaitReason.Turn, TimeProvider.System.GetElapsedTime(waitsSince));
            telemetry.AttemptStarted();
            telemetry.AttemptEnded(outcome, TimeSpan.Zero);
        }

        telemetry.ItemsRecorded(shard);
    }
}
