using System.Diagnostics;
using System.Globalization;
using DurableTask.Core;
using DurableTask.Core.Exceptions;
using Rollcall.Sqlite.Tests.Hosting;

namespace Rollcall.Sqlite.Tests.Crash;

/// <summary>The process that is killed: it runs one batch, and starts it only if no process before it did.</summary>
static class CrashChild
{
    public const int Items = 2_000;
    public const int MostConcurrent = 16;
    const int Shard = 100;
    const int Lanes = 4;

    static readonly Lock OneLine = new();
    static int lines;

    /// <summary>
    /// Runs the batch to its end. Each execution of an item appends a line to the log, each end of the batch its output to a file.
    /// The process kills itself after so many lines, unless it is told none: another process could not do it at an exact line.
    /// </summary>
    public static async Task<int> RunAsync(string database, string log, string output, int linesToLive)
    {
        await using var service = SqliteOrchestrationService.Open(new()
        {
            Path = database,
            MaxConcurrentActivities = MostConcurrent,
            PurgeCompletedSubOrchestrations = true,
        });
        await using var sent = new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        using var worker = new TaskHubWorker(service) { ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails };
        worker.AddTaskOrchestrations(
            new Named<TaskOrchestration>("Batch", () => new InlineOrchestration<int, int[]>(BatchAsync)),
            new Named<TaskOrchestration>("Shard", () => new InlineOrchestration<int, int[]>((context, first) =>
                Task.WhenAll(Enumerable.Range(first, Shard).Select(item => context.CallActivity<int>("Item", item))))));
        worker.AddTaskActivities(new Named<TaskActivity>("Item", () => new InlineActivity<int, int>(async item =>
        {
            Append(sent, item, linesToLive);
            // Long enough for some to be on their way at any moment.
            await Task.Delay(TimeSpan.FromMilliseconds(2));
            return item;
        })));
        await worker.StartAsync();
        var client = new TaskHubClient(service);
        var batch = new OrchestrationInstance { InstanceId = "batch" };
        await CreateAsync(client);
        var state = await client.WaitForOrchestrationAsync(batch, TimeSpan.FromMinutes(2));
        await File.WriteAllTextAsync(output, state.Output);
        await service.DrainAsync();
        await worker.StopAsync(isForced: true);
        return 0;
    }

    static async Task CreateAsync(TaskHubClient client)
    {
        OrchestrationStatus[] any = [.. Enum.GetValues<OrchestrationStatus>()];
        try
        {
            await client.CreateOrchestrationInstanceAsync("Batch", "", "batch", Items, null, any);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // A process before this one started it.
        }
    }

    static async Task<int[]> BatchAsync(InlineContext context, int items)
    {
        var shards = new Queue<int>(Enumerable.Range(0, items / Shard));
        var outcomes = new List<int>();
        async Task LaneAsync()
        {
            while (shards.TryDequeue(out int shard))
            {
                string id = string.Create(CultureInfo.InvariantCulture, $"shard-{shard}");
                outcomes.AddRange(await context.CallSubOrchestration<int[]>("Shard", id, shard * Shard));
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => LaneAsync()));
        return [.. outcomes];
    }

    static void Append(FileStream sent, int item, int linesToLive)
    {
        byte[] line = System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{item}\n"));
        lock (OneLine)
        {
            sent.Write(line);
            if (++lines == linesToLive)
            {
                Process.GetCurrentProcess().Kill();
            }
        }
    }
}
