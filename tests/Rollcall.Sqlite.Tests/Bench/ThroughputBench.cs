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
        int items = Number(args, 0, 30_000);
        int shard = Number(args, 1, 100);
        int live = Number(args, 2, 8);
        string folder = Directory.CreateTempSubdirectory("rollcall-bench-").FullName;
        string path = Path.Combine(folder, "bench.db");
        await using var service = SqliteOrchestrationService.Open(new SqliteOrchestrationServiceOptions
        {
            Path = path,
            MaxConcurrentActivities = 64,
            PurgeCompletedSubOrchestrations = true,
        });
        string result = new('r', 400);
        int turns = 0;
        var worker = new TaskHubWorker(service) { ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails };
        worker.AddTaskOrchestrations(
            new Named<TaskOrchestration>(
                "Batch",
                () => new InlineOrchestration<int, int>((context, count) => BatchAsync(context, count, shard, live))),
            new Named<TaskOrchestration>("Shard", () => new InlineOrchestration<int, int>(async (context, count) =>
            {
                string[] results = await Task.WhenAll(
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
        long allocated = GC.GetTotalAllocatedBytes();
        var processor = Environment.CpuUsage.TotalTime;
        var id = await client.CreateOrchestrationInstanceAsync("Batch", "", "batch", items);
        var state = await client.WaitForOrchestrationAsync(id, TimeSpan.FromHours(1));
        double seconds = watch.Elapsed.TotalSeconds;
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
        int next = 0;
        int done = 0;
        async Task Lane()
        {
            while (next < items)
            {
                int count = Math.Min(shard, items - next);
                int first = next;
                next += count;
                int ended = await context.CallSubOrchestration<int>(
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
