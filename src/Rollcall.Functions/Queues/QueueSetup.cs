using Azure.Storage.Queues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rollcall.Functions.Storage;

namespace Rollcall.Functions.Queues;

/// <summary>Makes the queue that batches come by, because the trigger reads it only: a first message needs a queue to go to.</summary>
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
            // Most likely it is there from an earlier start, and the account comes back: no reason to end the worker.
            LogFailure(queue.Name, exception);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        LogLevel.Warning,
        "The queue {Queue} could not be made. Where it does not exist, batches cannot come by it until the next start.")]
    partial void LogFailure(string queue, Exception exception);
}
