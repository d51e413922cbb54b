using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Rollcall.Api.Grants;
using Rollcall.Functions.Orchestration;

namespace Rollcall.Functions.Queues;

/// <summary>The queue trigger.</summary>
sealed class QueueFunctions(MessageStarter starter, InstanceRecords records)
{
    /// <summary>The queue for messages that start batches.</summary>
    public const string QueueName = StorageNames.BatchesQueue;

    [Function("StartQueuedBatch")]
    public Task StartQueuedBatchAsync(
        [QueueTrigger(QueueName)] string message,
        string id,
        long dequeueCount,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => starter.StartAsync(message,
        id,
        dequeueCount,
        new DurableScheduler(client, records),
        cancellationToken);
}
