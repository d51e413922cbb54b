using System.ComponentModel;
using Grpc.Core;

namespace Rollcall.FunctionsHost.Workers;

/// <summary>Keeps one worker running: if it ends unasked, starts another. Is the gRPC service that the worker calls.</summary>
sealed class WorkerSupervisor(AppFolder app, ILoggerFactory logs) : FunctionRpc.FunctionRpcBase
{
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(1);

    readonly ILogger log = logs.CreateLogger<WorkerSupervisor>();
    volatile TaskCompletionSource<Worker> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile Worker? latest;
    volatile bool stopping;
    Task supervision = Task.CompletedTask;

    /// <summary>The running worker. Waits for one if there is none.</summary>
    public Task<Worker> GetAsync(CancellationToken cancellationToken) => ready.Task.WaitAsync(cancellationToken);

    /// <summary>Starts the first worker, which calls the server of this service.</summary>
    /// <exception cref="HostException">The worker did not start.</exception>
    public async Task<Worker> StartAsync(Uri server)
    {
        var worker = await StartWorkerAsync(server);
        supervision = SuperviseAsync(worker, server);
        return worker;
    }

    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream,
        IServerStreamWriter<StreamingMessage> responseStream,
        ServerCallContext context)
    {
        // The first message says which worker it is.
        if (await requestStream.MoveNext(context.CancellationToken)
            && latest is { } worker
            && worker.Process.WorkerId == requestStream.Current.StartStream?.WorkerId)
        {
            try
            {
                await worker.ServeAsync(requestStream, responseStream, context.CancellationToken);
            }
            finally
            {
                // Without its stream the worker is of no use, so it ends or is ended, and another is started.
                await worker.Process.EndAsync(Grace);
            }
        }
    }

    /// <summary>Ends the worker and starts no other.</summary>
    public async Task StopAsync()
    {
        stopping = true;
        if (latest is { } worker)
        {
            worker.Terminate(Grace);
            await worker.Process.EndAsync(Grace);
        }

        await supervision;
    }

    async Task<Worker> StartWorkerAsync(Uri server)
    {
        var worker = latest = new Worker(new WorkerProcess(app, server), logs);
        try
        {
            await worker.LoadAsync(app.Root);
        }
        catch (Exception exception) when (exception is HostException or WorkerProcessExitException or TimeoutException or Win32Exception)
        {
            await worker.Process.EndAsync(TimeSpan.Zero);
            throw new HostException($"The worker failed to start: {exception.Message}", exception);
        }

        await Console.Out.WriteLineAsync($"Worker {worker.Process.Id} started");
        ready.TrySetResult(worker);
        return worker;
    }

    async Task SuperviseAsync(Worker worker, Uri server)
    {
        while (true)
        {
            int code = await worker.Process.Exited;
            if (stopping)
            {
                return;
            }

            // Those that wait for a worker wait for this promise, however often a start fails: so it is made once for each worker that
            // ended.
            ready = new TaskCompletionSource<Worker>(TaskCreationOptions.RunContinuationsAsynchronously);
            log.LogWarning("The worker {ProcessId} ended with exit code {Code}; another is started.", worker.Process.Id, code);
            if (await StartAgainAsync(server) is not { } next)
            {
                return;
            }

            worker = next;
        }
    }

    /// <returns>The running worker; null if the host stops first.</returns>
    async Task<Worker?> StartAgainAsync(Uri server)
    {
        while (!stopping)
        {
            try
            {
                return await StartWorkerAsync(server);
            }
            catch (HostException exception)
            {
                log.LogError("{Message}", exception.Message);
                await Task.Delay(RestartPause);
            }
        }

        return null;
    }
}
