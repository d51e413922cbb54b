using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using Rollcall.FunctionsHost.Protocol;

namespace Rollcall.FunctionsHost.Workers;

/// <summary>The stream of messages to and from one worker, and what is asked on it and not answered yet.</summary>
/// <param name="logs">Where the worker's log lines go.</param>
sealed class WorkerStream(WorkerLog logs)
{
    readonly Channel<StreamingMessage> outgoing = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });
    readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> pending = new();
    readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile string? closedWhy;

    /// <summary>Ends when the worker has opened the stream, or with an exception when it ended before.</summary>
    public Task Opened => opened.Task;

    /// <summary>Asks something that is answered by a message with the same request id.</summary>
    public Task<StreamingMessage> AskAsync(StreamingMessage message)
    {
        message.RequestId = Guid.NewGuid().ToString();
        return AskAsync(message.RequestId, message);
    }

    /// <summary>Asks something that is answered by a message with the given key.</summary>
    /// <exception cref="WorkerProcessExitException">The worker is gone, or goes before it answers.</exception>
    public async Task<StreamingMessage> AskAsync(string key, StreamingMessage message)
    {
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        pending[key] = answer;
        try
        {
            Tell(message);

            // Closing fails what is pending; what became pending in that very moment is caught here.
            return closedWhy is { } why ? throw new WorkerProcessExitException(why) : await answer.Task;
        }
        finally
        {
            pending.TryRemove(key, out _);
        }
    }

    /// <summary>Sends a message that has no answer. A worker that is gone does not get it.</summary>
    public void Tell(StreamingMessage message) => outgoing.Writer.TryWrite(message);

    /// <summary>Passes messages for as long as the worker keeps the stream open.</summary>
    public async Task ServeAsync(
        IAsyncStreamReader<StreamingMessage> requests,
        IServerStreamWriter<StreamingMessage> responses,
        CancellationToken cancellationToken)
    {
        opened.TrySetResult();
        var sending = SendAsync(responses, cancellationToken);
        try
        {
            await foreach (var message in requests.ReadAllAsync(cancellationToken))
            {
                Receive(message);
            }
        }
        catch (Exception exception) when (IsStreamEnd(exception))
        {
            // A worker that ends does not close its stream in order; its end is told below.
        }
        finally
        {
            Close("The worker closed its stream.");
            await sending;
        }
    }

    /// <summary>Fails all that waits for an answer, now and later.</summary>
    public void Close(string why)
    {
        closedWhy ??= why;
        opened.TrySetException(new WorkerProcessExitException(closedWhy));
        outgoing.Writer.TryComplete();
        foreach (var answer in pending.Values)
        {
            answer.TrySetException(new WorkerProcessExitException(closedWhy));
        }
    }

    async Task SendAsync(IServerStreamWriter<StreamingMessage> responses, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in outgoing.Reader.ReadAllAsync(cancellationToken))
            {
                await responses.WriteAsync(message, cancellationToken);
            }
        }
        catch (Exception exception) when (IsStreamEnd(exception))
        {
            Close("The worker's stream broke.");
        }
    }

    void Receive(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.RpcLog:
                logs.Write(message.RpcLog);
                break;
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                Answer(message.InvocationResponse.InvocationId, message);
                break;
            default:
                Answer(message.RequestId, message);
                break;
        }
    }

    void Answer(string key, StreamingMessage message)
    {
        if (pending.TryGetValue(key, out var answer))
        {
            answer.TrySetResult(message);
        }
    }

    static bool IsStreamEnd(Exception exception) =>
        exception is IOException or OperationCanceledException or InvalidOperationException or Grpc.Core.RpcException;
}
