using System.Collections.Concurrent;

namespace Rollcall.FunctionsHost.Workers;

/// <summary>Keeps one worker running: where it ends unasked, starts another.</summary>
/// <param name="app">The app.</param>
/// <param name="logs">Where log lines go.</param>
sealed class WorkerSupervisor(AppFolder app, ILoggerFactory logs) : IDisposable
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<string, Worker> workers = new();
    readonly CancellationTokenSource stopping = new();
    readonly ILogger log = logs.CreateLogger<WorkerSupervisor>();
    volatile TaskCompletionSource<Worker> current = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Task supervision = Task.CompletedTask;

    /// <summary>The worker of that id, where it was started here and runs.</summary>
    public Worker? Find(string? id) => workers.GetValueOrDefault(id ?? "");

    /// <summary>The running worker. Waits for one where there is none.</summary>
    public Task<Worker> GetAsync(CancellationToken cancellationToken) => current.Task.WaitAsync(cancellationToken);

    /// <summary>Starts the first worker.</summary>
    /// <param name="server">Where the worker protocol is served.</param>
    /// <exception cref="HostException">The worker did not start.</exception>
    public async Task<Worker> StartAsync(Uri server)
    {
        var worker = await StartWorkerAsync(server);
        supervision = SuperviseAsync(worker, server);
        return worker;
    }

    /// <summary>Ends the worker and starts no other.</summary>
    /// <param name="grace">How long the worker may take.</param>
    public async Task StopAsync(TimeSpan grace)
    {
        await stopping.CancelAsync();
        await Task.WhenAll(workers.Values.Select(worker => worker.StopAsync(grace)));
        await supervision;
    }

    public void Dispose() => stopping.Dispose();

    async Task<Worker> StartWorkerAsync(Uri server)
    {
        var worker = new Worker(app, server, new WorkerLog(logs));
        workers[worker.Id] = worker;
        try
        {
            await worker.StartAsync();
        }
        catch (HostException)
        {
            workers.TryRemove(worker.Id, out _);
            throw;
        }

        await Console.Out.WriteLineAsync($"worker started: pid {worker.ProcessId}");
        current.TrySetResult(worker);
        return worker;
    }

    async Task SuperviseAsync(Worker worker, Uri server)
    {
        Worker? running = worker;
        while (running is not null)
        {
            int code = await running.Exited;
            workers.TryRemove(running.Id, out _);
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            current = new TaskCompletionSource<Worker>(TaskCreationOptions.RunContinuationsAsynchronously);
            log.LogWarning("The worker process {ProcessId} ended with exit code {Code}; another is started.", running.ProcessId, code);
            running = await RestartAsync(server);
        }
    }

    async Task<Worker?> RestartAsync(Uri server)
    {
        for (var pause = FirstPause; !stopping.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await StartWorkerAsync(server);
            }
            catch (HostException exception)
            {
                log.LogError("{Message}", exception.Message);
                await Task.Delay(pause, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return null;
    }
}
