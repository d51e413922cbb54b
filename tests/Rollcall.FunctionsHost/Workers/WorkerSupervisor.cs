namespace Rollcall.FunctionsHost.Workers;

/// <summary>Keeps one worker running: where it ends unasked, starts another.</summary>
/// <param name="app">The app.</param>
/// <param name="logs">Where log lines go.</param>
sealed class WorkerSupervisor(AppFolder app, ILoggerFactory logs) : IDisposable
{
    static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource stopping = new();
    readonly ILogger log = logs.CreateLogger<WorkerSupervisor>();
    volatile TaskCompletionSource<Worker> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile Worker? latest;
    Task supervision = Task.CompletedTask;

    /// <summary>The worker of that id, where it is the one that was started last.</summary>
    public Worker? Find(string? id) => latest is { } worker && worker.Id == id ? worker : null;

    /// <summary>The running worker. Waits for one where there is none.</summary>
    public Task<Worker> GetAsync(CancellationToken cancellationToken) => ready.Task.WaitAsync(cancellationToken);

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
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await (latest?.StopAsync() ?? Task.CompletedTask);
        await supervision;
    }

    public void Dispose()
    {
        latest?.Dispose();
        stopping.Dispose();
    }

    async Task<Worker> StartWorkerAsync(Uri server)
    {
        latest?.Dispose();
        var worker = latest = new Worker(app, server, logs);
        try
        {
            await worker.LoadAsync();
        }
        catch (HostException)
        {
            await worker.StopAsync();
            throw;
        }

        await Console.Out.WriteLineAsync($"Worker {worker.ProcessId} started");
        ready.TrySetResult(worker);
        return worker;
    }

    async Task SuperviseAsync(Worker worker, Uri server)
    {
        int code = await worker.Exited;
        while (!stopping.IsCancellationRequested)
        {
            ready = new TaskCompletionSource<Worker>(TaskCreationOptions.RunContinuationsAsynchronously);
            log.LogWarning("The worker process {ProcessId} ended with exit code {Code}; another is started.", worker.ProcessId, code);
            try
            {
                worker = await StartWorkerAsync(server);
                code = await worker.Exited;
            }
            catch (HostException exception)
            {
                log.LogError("{Message}", exception.Message);
                await Task.Delay(RestartPause, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
