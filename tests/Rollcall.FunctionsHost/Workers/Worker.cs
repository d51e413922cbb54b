using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Rollcall.FunctionsHost.Workers;

/// <summary>One run of the app's worker: what is said to it and how it responds, for as long as its process runs.</summary>
sealed class Worker(WorkerProcess process, ILoggerFactory logs)
{
    static readonly TimeSpan ResponseLimit = TimeSpan.FromSeconds(60);

    readonly Channel<StreamingMessage> outgoing = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });
    readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> pending = new();

    public WorkerProcess Process => process;

    public IReadOnlyList<RpcFunctionMetadata> Functions { get; private set; } = [];

    /// <summary>Where the worker serves its HTTP functions; null if the app has no ASP.NET Core integration.</summary>
    public string? HttpAddress { get; private set; }

    /// <summary>Passes messages for as long as the worker keeps the stream open.</summary>
    public async Task ServeAsync(
        IAsyncStreamReader<StreamingMessage> requests, IAsyncStreamWriter<StreamingMessage> responses, CancellationToken closed)
    {
        var sending = SendAsync(responses, closed);
        await foreach (var message in requests.ReadAllAsync(closed))
        {
            Receive(message);
        }

        outgoing.Writer.TryComplete();
        await sending;
    }

    /// <summary>Loads all functions, once the worker has opened its stream.</summary>
    /// <exception cref="HostException">The worker cannot load them.</exception>
    public async Task LoadAsync(string appFolder)
    {
        var init = new WorkerInitRequest { HostVersion = "4.1037.0", WorkerDirectory = appFolder, FunctionAppDirectory = appFolder };
        init.Capabilities.Add("MultiStream", "10");
        var started = (await AskAsync(new StreamingMessage { WorkerInitRequest = init })).WorkerInitResponse;
        Require(started.Result, "It cannot be initialized");
        HttpAddress = started.Capabilities.GetValueOrDefault("HttpUri");

        var ask = new FunctionsMetadataRequest { FunctionAppDirectory = appFolder };
        var listed = (await AskAsync(new StreamingMessage { FunctionsMetadataRequest = ask })).FunctionMetadataResponse;
        Require(listed.Result, "It cannot list its functions");
        Functions = listed.FunctionMetadataResults;
        foreach (var function in Functions)
        {
            var load = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function };
            var loaded = (await AskAsync(new StreamingMessage { FunctionLoadRequest = load })).FunctionLoadResponse;
            Require(loaded.Result, $"It cannot load '{function.Name}'");
        }
    }

    /// <exception cref="WorkerInvocationException">The function failed.</exception>
    /// <exception cref="WorkerProcessExitException">The worker ended first.</exception>
    public async Task<InvocationResponse> InvokeAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        var cancel = new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = request.InvocationId } };
        await using var registration = cancellationToken.Register(() => outgoing.Writer.TryWrite(cancel));
        var response = await AskAsync(new StreamingMessage { InvocationRequest = request }, Timeout.InfiniteTimeSpan);
        return response.InvocationResponse.Result is { Status: not StatusResult.Types.Status.Success } result
            ? throw new WorkerInvocationException(result)
            : response.InvocationResponse;
    }

    /// <summary>Asks the worker to end within the grace time.</summary>
    public void Terminate(TimeSpan grace) =>
        outgoing.Writer.TryWrite(new() { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(grace) } });

    async Task<StreamingMessage> AskAsync(StreamingMessage message, TimeSpan? limit = null)
    {
        var response = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        message.RequestId = Guid.NewGuid().ToString();
        pending[message.RequestId] = response;
        try
        {
            outgoing.Writer.TryWrite(message);
            return await Task.WhenAny(response.Task, process.Exited).WaitAsync(limit ?? ResponseLimit) == process.Exited
                ? throw new WorkerProcessExitException($"The worker process ended with exit code {await process.Exited}.")
                : await response.Task;
        }
        finally
        {
            pending.TryRemove(message.RequestId, out _);
        }
    }

    async Task SendAsync(IAsyncStreamWriter<StreamingMessage> responses, CancellationToken closed)
    {
        await foreach (var message in outgoing.Reader.ReadAllAsync(closed))
        {
            await responses.WriteAsync(message, closed);
        }
    }

    void Receive(StreamingMessage message)
    {
        if (message.RpcLog is { } line)
        {
            // Each under its own category, so that the log levels of host.json apply.
            string details = line.Exception is { } exception ? $"\n{exception.Message}\n{exception.StackTrace}" : "";
            logs.CreateLogger(line.Category.Length > 0 ? line.Category : "Worker")
                .Log((LogLevel)(int)line.Level, "{Message}{Details}", line.Message, details);
        }
        else if (pending.TryGetValue(message.RequestId, out var response))
        {
            response.TrySetResult(message);
        }
    }

    static void Require(StatusResult? result, string what)
    {
        if (result is { Status: not StatusResult.Types.Status.Success })
        {
            throw new HostException($"{what}: {result.Exception?.Message}");
        }
    }
}
