using Azure.Storage.Queues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rollcall.Functions.Storage;

namespace Rollcall.Functions.Queues;

/// <summary>Creates the queue for messages that start batches, because the trigger does not create it.</summary>
sealed partial class QueueSetup(QueueClient queue, ILogger<QueueSetup> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            // Not a reason to end the worker: the queue most likely exists from an earlier start, and the account will be back.
            LogFailure(queue.Name, exception);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        LogLevel.Warning,
        "The queue {Queue} could not be created. If it does not exist, it cannot start batches until the next start of the app.")]
    partial void LogFailure(string queue, Exception exception);
}
