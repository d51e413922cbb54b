using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Rollcall.Storage;

namespace Rollcall.Cli.Engine;

/// <summary>
/// Stops the engine when the storage of all batches fails, because a full disk must not become an item's outcome. The activity is
/// abandoned, not failed, so that it runs again when the user has freed some space and runs the same command. An error in the files of
/// one batch fails only that batch's activity.
/// </summary>
/// <param name="folder">The folder that holds the batches.</param>
/// <param name="fault">Receives the failure.</param>
sealed class StorageGuard(ITaskActivity inner, string folder, TaskCompletionSource<Exception> fault) : ITaskActivity
{
    static readonly TimeSpan DescriptorWait = TimeSpan.FromMilliseconds(200);

    public Type InputType => inner.InputType;

    public Type OutputType => inner.OutputType;

    public async Task<object?> RunAsync(TaskActivityContext context, object? input)
    {
        while (true)
        {
            try
            {
                return await inner.RunAsync(context, input);
            }
            catch (IOException exception) when (StorageFault.IsOfDescriptors(exception))
            {
                // Other work uses the descriptors at the moment. Activities can be repeated safely.
                await Task.Delay(DescriptorWait);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
                && !StorageFault.IsOfOneFile(exception, folder))
            {
                fault.TrySetResult(exception);
                throw new SessionAbortedException("The batch's store failed.", exception);
            }
        }
    }
}
