using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Rollcall.Storage;

namespace Rollcall.Cli.Engine;

/// <summary>
/// Stops the engine when the storage of all batches fails: a full disk is no item's outcome. The activity is given up, not failed, so that
/// it runs again when the user has made room and starts the same command. What is wrong with the files of one batch fails that batch's
/// activity.
/// </summary>
/// <param name="folder">The folder that has the batches.</param>
/// <param name="fault">Told of the failure.</param>
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
                // Others have them for the moment. Whatever an activity has done, it may do again.
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
