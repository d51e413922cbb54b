using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;

namespace Rollcall.Cli.Engine;

/// <summary>
/// Stops the engine when a batch's store fails: a full disk is no item's outcome. The activity is given up, not failed, so that it runs
/// again when the user has made room and starts the same command.
/// </summary>
/// <param name="inner">The activity.</param>
/// <param name="fault">Told of the failure.</param>
sealed class StorageGuard(ITaskActivity inner, TaskCompletionSource<Exception> fault) : ITaskActivity
{
    public Type InputType => inner.InputType;

    public Type OutputType => inner.OutputType;

    public async Task<object?> RunAsync(TaskActivityContext context, object? input)
    {
        try
        {
            return await inner.RunAsync(context, input);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            fault.TrySetResult(exception);
            throw new SessionAbortedException("The batch's store failed.", exception);
        }
    }
}
