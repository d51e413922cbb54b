using Google.Protobuf.WellKnownTypes;
using Rollcall.FunctionsHost.Protocol;

namespace Rollcall.FunctionsHost.Workers;

/// <summary>One run of the app's worker: its process, its stream, and what it said of itself.</summary>
/// <param name="app">The app.</param>
/// <param name="server">Where this host serves the worker protocol.</param>
/// <param name="logs">Where the worker's log lines go.</param>
sealed class Worker(AppFolder app, Uri server, WorkerLog logs)
{
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    WorkerProcess? process;

    public string Id { get; } = Guid.NewGuid().ToString();

    public WorkerStream Stream { get; } = new(logs);

    public int ProcessId => process?.Id ?? 0;

    /// <summary>The functions of the app.</summary>
    public IReadOnlyList<RpcFunctionMetadata> Functions { get; private set; } = [];

    /// <summary>Where the worker serves its HTTP functions; null where the app has no ASP.NET Core integration.</summary>
    public Uri? HttpAddress { get; private set; }

    /// <summary>Ends when the worker's process has.</summary>
    public Task<int> Exited => process!.Exited;

    /// <summary>Starts the process and loads all functions.</summary>
    /// <exception cref="HostException">The worker did not start.</exception>
    public async Task StartAsync()
    {
        process = await WorkerProcess.StartAsync(app, server, Id);
        _ = WatchAsync();
        try
        {
            await Stream.Opened.WaitAsync(AnswerLimit);
            await LoadAsync();
        }
        catch (Exception exception) when (exception is WorkerProcessExitException or TimeoutException)
        {
            await process.EndAsync(TimeSpan.FromSeconds(1));
            throw new HostException($"The worker failed to start: {exception.Message} Its last words:\n{process.LastErrors}".TrimEnd(), exception);
        }
    }

    /// <summary>Runs a function.</summary>
    /// <exception cref="WorkerInvocationException">The function failed.</exception>
    /// <exception cref="WorkerProcessExitException">The worker ended first.</exception>
    public async Task<InvocationResponse> InvokeAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        var cancel = new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = request.InvocationId } };
        await using var registration = cancellationToken.Register(() => Stream.Tell(cancel));
        var answer = await Stream.AskAsync(request.InvocationId, new StreamingMessage { InvocationRequest = request });
        return answer.InvocationResponse.Result is { Status: not StatusResult.Types.Status.Success } result
            ? throw new WorkerInvocationException(result)
            : answer.InvocationResponse;
    }

    /// <summary>Asks the worker to end, and kills it where it does not within the grace time.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        Stream.Tell(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(grace) } });
        await process!.EndAsync(grace);
    }

    async Task LoadAsync()
    {
        var init = new WorkerInitRequest { HostVersion = "4.1037.0", WorkerDirectory = app.Root, FunctionAppDirectory = app.Root };
        init.Capabilities.Add("MultiStream", "10");
        var started = (await AskAsync(new StreamingMessage { WorkerInitRequest = init })).WorkerInitResponse;
        Require(started.Result, "The worker could not be initialized");
        HttpAddress = started.Capabilities.TryGetValue("HttpUri", out string? address) ? new Uri(address) : null;

        var ask = new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = app.Root } };
        var listed = (await AskAsync(ask)).FunctionMetadataResponse;
        Require(listed.Result, "The worker could not list its functions");
        Functions = listed.FunctionMetadataResults;
        foreach (var function in Functions)
        {
            var load = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function };
            var loaded = (await AskAsync(new StreamingMessage { FunctionLoadRequest = load })).FunctionLoadResponse;
            Require(loaded.Result, $"The worker could not load '{function.Name}'");
        }
    }

    Task<StreamingMessage> AskAsync(StreamingMessage message) => Stream.AskAsync(message).WaitAsync(AnswerLimit);

    async Task WatchAsync()
    {
        int code = await process!.Exited;
        Stream.Close($"The worker process {process.Id} ended with exit code {code}.");
    }

    static void Require(StatusResult? result, string what)
    {
        if (result is { Status: not StatusResult.Types.Status.Success })
        {
            throw new HostException($"{what}: {result.Exception?.Message}");
        }
    }
}
