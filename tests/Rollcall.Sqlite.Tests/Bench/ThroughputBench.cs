using System.Diagnostics;
using System.Globalization;
using DurableTask.Core;
using Rollcall.Sqlite.Tests.Hosting;

namespace Rollcall.Sqlite.Tests.Bench;

/// <summary>
/// Measures activities per second. `dotnet run -c Release --project tests/Rollcall.Sqlite.Tests -- bench [items] [shard] [live]`
/// </summary>
static class ThroughputBench
{
    const string Input = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

    public static async Task<int> RunAsync(string[] args)
    {
        var items = Number(args, 0, 30_000);
        var shard = Number(args, 1, 100);
        var live = Number(args, 2, 8);
        var folder = Directory.CreateTempSubdirectory("rollcall-bench-").FullName;
        var path = Path.Combine(folder, "bench.db");
        await using var service = SqliteOrchestrationService.Open(new SqliteOrchestrationServiceOptions
        {
            Path = path,
            MaxConcurrentActivities = 64,
            PurgeCompletedSubOrchestrations = true,
        });
        var result = new string('r', 400);
        var turns = 0;
        var worker = new TaskHubWorker(service) { ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails };
        worker.AddTaskOrchestrations(
            new Named<TaskOrchestration>(
                "Batch",
                () => new InlineOrchestration<int, int>((context, count) => BatchAsync(context, count, shard, live))),
            new Named<TaskOrchestration>("Shard", () => new InlineOrchestration<int, int>(async (context, count) =>
            {
                var results = await Task.WhenAll(
                    Enumerable.Range(0, count).Select(i => context.CallActivity<string>("Item", Input + Input + i)));
                return results.Length;
            })));
        worker.AddTaskActivities(new Named<TaskActivity>("Item", () => new InlineActivity<string, string>(_ => Task.FromResult(result))));
        worker.AddOrchestrationDispatcherMiddleware((_, next) =>
        {
            Interlocked.Increment(ref turns);
            return next();
        });
        await worker.StartAsync();
        var client = new TaskHubClient(service);
        var watch = Stopwatch.StartNew();
        var allocated = GC.GetTotalAllocatedBytes();
        var processor = Environment.CpuUsage.TotalTime;
        var id = await client.CreateOrchestrationInstanceAsync("Batch", "", "batch", items);
        var state = await client.WaitForOrchestrationAsync(id, TimeSpan.FromHours(1));
        var seconds = watch.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {state.OrchestrationStatus} {state.Output}: {items} items in shards of {shard}, {live} live: {seconds:F2} s,
            {items / seconds:F0}/s, {turns} turns, {(GC.GetTotalAllocatedBytes() - allocated) / items} B allocated and
            {(Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / items:F0} us of CPU an item,
            {Environment.WorkingSet / 1024 / 1024} MiB of memory,
            file {new FileInfo(path).Length / 1024} KiB, log {new FileInfo(path + "-wal").Length / 1024} KiB
            """));
        await service.DrainAsync();
        await worker.StopAsync(isForced: true);
        await service.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    static async Task<int> BatchAsync(InlineContext context, int items, int shard, int live)
    {
        var next = 0;
        var done = 0;
        async Task Lane()
        {
            while (next < items)
            {
                var count = Math.Min(shard, items - next);
                var first = next;
                next += count;
                var ended = await context.CallSubOrchestration<int>(
                    "Shard",
                    string.Create(CultureInfo.InvariantCulture, $"batch-{first}"),
                    count);
                done += ended;
            }
        }

        await Task.WhenAll(Enumerable.Range(0, live).Select(_ => Lane()));
        return done;
    }

    static int Number(string[] args, int at, int otherwise) =>
        args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
}
