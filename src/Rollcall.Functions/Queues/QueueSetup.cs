using Azure.Storage.Queues;
using Microsoft.Extensions.Hosting;

namespace Rollcall.Functions.Queues;

/// <summary>Makes the queue that batches come by, because the trigger reads it only: a first message needs a queue to go to.</summary>
/// <param name="queue">The queue.</param>
sealed class QueueSetup(QueueClient queue) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
