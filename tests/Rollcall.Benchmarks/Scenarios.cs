using System.Globalization;

namespace Rollcall.Benchmarks;

/// <summary>What is measured. Sides are run in turn, so that a ratio holds when the machine's speed drifts.</summary>
static class Scenarios
{
    const string SmallResponses = "?bytes=200";
    const string LargeResponses = "?bytes=1048576";

    public static async Task ThroughputAsync(Workspace workspace, Load load)
    {
        int items = load.Of(30_000) / 3 * 3;
        var (rollcall, script, keepAlive) = (new List<Measured>(), new List<Measured>(), new List<Measured>());
        for (int pair = 0; pair < load.Pairs; pair++)
        {
            rollcall.Add(await workspace.RunBatchAsync(items, SmallResponses));
            script.Add(await RunPeerAsync(workspace, "queue_join.py", items));
            keepAlive.Add(await RunPeerAsync(workspace, "keep_alive.py", items));
        }

        Figures.Header($"{items} items, responses of 200 B", "items/s", "peak memory", "rollcall's throughput over it");
        Figures.Row("rollcall run, 64 at once, durable", Figures.PerSecond(items, rollcall), Figures.Peak(rollcall), "1");
        Figures.Row(
            "the usual script (10 consumers, a session per request)",
            Figures.PerSecond(items, script),
            Figures.Peak(script),
            Over(script));
        Figures.Row("aiohttp, one session, 64 at once", Figures.PerSecond(items, keepAlive), Figures.Peak(keepAlive), Over(keepAlive));

        string Over(List<Measured> peer) => Figures.Ratios(peer.Zip(rollcall, (other, own) => other.Seconds / own.Seconds));
    }

    public static async Task AgainstAsync(Workspace workspace, Load load)
    {
        int items = load.Of(30_000);
        var (own, before) = (new List<Measured>(), new List<Measured>());
        for (int pair = 0; pair < load.Pairs; pair++)
        {
            // Who comes first has the machine as the last pair left it.
            if (pair % 2 == 0)
            {
                own.Add(await workspace.RunBatchAsync(items, SmallResponses));
            }

            before.Add(await workspace.RunBatchAsync(load.Other!, items, SmallResponses));
            if (pair % 2 == 1)
            {
                own.Add(await workspace.RunBatchAsync(items, SmallResponses));
            }
        }

        Figures.Header(
            $"{items} items, responses of 200 B",
            "items/s",
            "processor, microseconds per item",
            "this over the other: time",
            "this over the other: processor");
        Figures.Row(
            "this",
            Figures.PerSecond(items, own),
            Figures.Processor(items, own),
            Ratio(run => run.Seconds),
            Ratio(run => run.ProcessorSeconds));
        Figures.Row("the other", Figures.PerSecond(items, before), Figures.Processor(items, before), "1", "1");

        string Ratio(Func<Measured, double> of) => Figures.Ratios(own.Zip(before, (one, another) => of(one) / of(another)), "F3");
    }

    public static async Task RequestsAsync(Workspace workspace, Load load)
    {
        int items = load.Of(30_000);
        var (lines, rows) = (new List<Measured>(), new List<Measured>());
        for (int pair = 0; pair < load.Pairs; pair++)
        {
            if (pair % 2 == 0)
            {
                lines.Add(await workspace.RunBatchAsync(items, SmallResponses));
            }

            rows.Add(await workspace.RunRowsAsync(items, SmallResponses));
            if (pair % 2 == 1)
            {
                lines.Add(await workspace.RunBatchAsync(items, SmallResponses));
            }
        }

        Figures.Header(
            $"{items} items, responses of 200 B",
            "items/s",
            "processor, microseconds per item",
            "over lines: time",
            "over lines: processor");
        Figures.Row("lines, sent as they are", Figures.PerSecond(items, lines), Figures.Processor(items, lines), "1", "1");
        Figures.Row(
            "CSV, with templates of the URL and the body",
            Figures.PerSecond(items, rows),
            Figures.Processor(items, rows),
            Ratio(run => run.Seconds),
            Ratio(run => run.ProcessorSeconds));

        string Ratio(Func<Measured, double> of) => Figures.Ratios(rows.Zip(lines, (row, line) => of(row) / of(line)), "F3");
    }

    public static async Task ScaleAsync(Workspace workspace, Load load)
    {
        int few = load.Of(3_000);
        int many = load.Of(300_000);
        var (small, large) = (new List<Measured>(), new List<Measured>());
        for (int pair = 0; pair < load.Pairs; pair++)
        {
            small.Add(await workspace.RunBatchAsync(few, SmallResponses));
            large.Add(await workspace.RunBatchAsync(many, SmallResponses));
        }

        Figures.Header("items", "wall time", "microseconds per item", "peak memory");
        foreach (var (items, runs) in new[] { (few, small), (many, large) })
        {
            double micros = Figures.Median(runs.Select(run => run.Seconds / items * 1e6));
            Figures.Row(
                items.ToString(CultureInfo.InvariantCulture),
                Figures.Seconds(runs),
                micros.ToString("F0", CultureInfo.InvariantCulture),
                Figures.Peak(runs));
        }

        Console.WriteLine(
            $"Cost of an item, {many} over {few}: {Figures.Ratios(large.Zip(small, (l, s) => l.Seconds / many / (s.Seconds / few)))}");
    }

    public static async Task MemoryAsync(Workspace workspace, Load load)
    {
        int items = load.Of(2_000);
        var runs = new List<Measured>();
        for (int run = 0; run < load.Pairs; run++)
        {
            runs.Add(await workspace.RunBatchAsync(items, LargeResponses));
        }

        Figures.Header($"{items} items, responses of 1 MB, 64 at once", "wall time", "peak memory");
        Figures.Row("rollcall run", Figures.Seconds(runs), Figures.Peak(runs));
    }

    public static async Task StartupAsync(Workspace workspace, Load load)
    {
        const int Items = 10;
        await workspace.RunBatchAsync(Items, SmallResponses);
        var runs = new List<Measured>();
        for (int run = 0; run < load.Pairs; run++)
        {
            runs.Add(await workspace.RunBatchAsync(Items, SmallResponses));
        }

        Figures.Header("10 items, start to exit, published", "wall time");
        Figures.Row("rollcall run", Figures.Seconds(runs));
    }

    static Task<Measured> RunPeerAsync(Workspace workspace, string script, int items) =>
        Measured.RunAsync(
            "/usr/bin/python3",
            Path.Combine(AppContext.BaseDirectory, "Peers", script),
            items.ToString(CultureInfo.InvariantCulture),
            workspace.Url + SmallResponses);
}
