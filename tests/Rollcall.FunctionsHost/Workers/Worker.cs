using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Rollcall.FunctionsHost.Protocol;

namespace Rollcall.FunctionsHost.Workers;

/// <summary>One run of the app's worker: its process, its stream, and what it said of itself.</summary>
sealed class Worker : IDisposable
{
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    readonly AppFolder app;
    readonly WorkerProcess process;
    readonly WorkerStream stream;

    /// <summary>Starts the process.</summary>
    /// <param name="app">The app.</param>
    /// <param name="server">Where this host serves the worker protocol.</param>
    /// <param name="logs">Where the worker's log lines go.</param>
    public Worker(AppFolder app, Uri server, ILoggerFactory logs)
    {
        this.app = app;
        process = new WorkerProcess(app, server, Id);
        stream = new WorkerStream(process.Exited, logs);
    }

    public string Id { get; } = Guid.NewGuid().ToString();

    public int ProcessId => process.Id;

    /// <summary>Ends when the worker's process has.</summary>
    public Task<int> Exited => process.Exited;

    /// <summary>The functions of the app.</summary>
    public IReadOnlyList<RpcFunctionMetadata> Functions { get; private set; } = [];

    /// <summary>Where the worker serves its HTTP functions; null where the app has no ASP.NET Core integration.</summary>
    public string? HttpAddress { get; private set; }

    /// <summary>Passes messages for as long as the worker keeps the stream open. Without it the worker is of no use and must end.</summary>
    public async Task ServeAsync(
        IAsyncStreamReader<StreamingMessage> requests,
        IServerStreamWriter<StreamingMessage> responses,
        CancellationToken cancellationToken)
    {
        try
        {
            await stream.ServeAsync(requests, responses, cancellationToken);
        }
        finally
        {
            await process.EndAsync(Grace);
        }
    }

    /// <summary>Loads all functions.</summary>
    /// <exception cref="HostException">The worker did not start.</exception>
    public async Task LoadAsync()
    {
        try
        {
            await InitializeAsync();
            foreach (var function in Functions)
            {
                var load = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function };
                var loaded = (await AskAsync(new StreamingMessage { FunctionLoadRequest = load })).FunctionLoadResponse;
                Require(loaded.Result, $"The worker could not load '{function.Name}'");
            }
        }
        catch (Exception exception) when (exception is WorkerProcessExitException or TimeoutException)
        {
            throw new HostException($"The worker failed to start: {exception.Message}", exception);
        }
    }

    /// <summary>Runs a function.</summary>
    /// <exception cref="WorkerInvocationException">The function failed.</exception>
    /// <exception cref="WorkerProcessExitException">The worker ended first.</exception>
    public async Task<InvocationResponse> InvokeAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        var cancel = new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = request.InvocationId } };
        await using var registration = cancellationToken.Register(() => stream.Tell(cancel));
        var answer = await stream.AskAsync(request.InvocationId, new StreamingMessage { InvocationRequest = request });
        return answer.InvocationResponse.Result is { Status: not StatusResult.Types.Status.Success } result
            ? throw new WorkerInvocationException(result)
            : answer.InvocationResponse;
    }

    /// <summary>Asks the worker to end, and kills it where it does not within the grace time.</summary>
    public async Task StopAsync()
    {
        stream.Tell(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(Grace) } });
        await process.EndAsync(Grace);
    }

    public void Dispose() => process.Dispose();

    async Task InitializeAsync()
    {
        var init = new WorkerInitRequest { HostVersion = "4.1037.0", WorkerDirectory = app.Root, FunctionAppDirectory = app.Root };
        init.Capabilities.Add("MultiStream", "10");
        var started = (await AskAsync(new StreamingMessage { WorkerInitRequest = init })).WorkerInitResponse;
        Require(started.Result, "The worker could not be initialized");
        HttpAddress = started.Capabilities.GetValueOrDefault("HttpUri");

        var ask = new FunctionsMetadataRequest { FunctionAppDirectory = app.Root };
        var listed = (await AskAsync(new StreamingMessage { FunctionsMetadataRequest = ask })).FunctionMetadataResponse;
        Require(listed.Result, "The worker could not list its functions");
        Functions = listed.FunctionMetadataResults;
    }

    Task<StreamingMessage> AskAsync(StreamingMessage message)
    {
        message.RequestId = Guid.NewGuid().ToString();
        return stream.AskAsync(message.RequestId, message).WaitAsync(AnswerLimit);
    }

    static void Require(StatusResult? result, string what)
    {
        if (result is { Status: not StatusResult.Types.Status.Success })
        {
            throw new HostException($"{what}: {result.Exception?.Message}");
        }
    }
}
