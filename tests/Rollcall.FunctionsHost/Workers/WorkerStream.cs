using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using Rollcall.FunctionsHost.Protocol;

namespace Rollcall.FunctionsHost.Workers;

/// <summary>The stream of messages to and from one worker, and what is asked on it and not answered yet.</summary>
/// <param name="exited">Ends with the worker's process, and with it all hope of an answer.</param>
/// <param name="logs">Where the worker's log lines go.</param>
sealed class WorkerStream(Task<int> exited, ILoggerFactory logs)
{
    readonly Channel<StreamingMessage> outgoing = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });
    readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> pending = new();

    /// <summary>Asks something that is answered by a message with the given key.</summary>
    /// <exception cref="WorkerProcessExitException">The worker is gone, or goes before it answers.</exception>
    public async Task<StreamingMessage> AskAsync(string key, StreamingMessage message)
    {
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        pending[key] = answer;
        try
        {
            Tell(message);
            return await Task.WhenAny(answer.Task, exited) == exited
                ? throw new WorkerProcessExitException($"The worker process ended with exit code {await exited}.")
                : await answer.Task;
        }
        finally
        {
            pending.TryRemove(key, out _);
        }
    }

    /// <summary>Sends a message that has no answer, once the worker has called. A worker that is gone does not get it.</summary>
    public void Tell(StreamingMessage message) => outgoing.Writer.TryWrite(message);

    /// <summary>Passes messages for as long as the worker keeps the stream open.</summary>
    public async Task ServeAsync(
        IAsyncStreamReader<StreamingMessage> requests,
        IServerStreamWriter<StreamingMessage> responses,
        CancellationToken cancellationToken)
    {
        var sending = SendAsync(responses, cancellationToken);
        await foreach (var message in requests.ReadAllAsync(cancellationToken))
        {
            Receive(message);
        }

        outgoing.Writer.TryComplete();
        await sending;
    }

    async Task SendAsync(IServerStreamWriter<StreamingMessage> responses, CancellationToken cancellationToken)
    {
        await foreach (var message in outgoing.Reader.ReadAllAsync(cancellationToken))
        {
            await responses.WriteAsync(message, cancellationToken);
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
        else if (pending.TryGetValue(message.InvocationResponse?.InvocationId ?? message.RequestId, out var answer))
        {
            answer.TrySetResult(message);
        }
    }
}
