using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Rollcall.Functions.Batches;

/// <summary>The queue trigger. A message that cannot be accepted fails here, and the platform moves it to the poison queue.</summary>
/// <param name="starter">Starts batches.</param>
sealed class QueueFunctions(BatchStarter starter)
{
    [Function("StartQueuedBatch")]
    public Task StartQueuedBatchAsync(
        [QueueTrigger("rollcall-batches")] string message,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var batch = BatchRequestParser.Parse(QueueText.ToJson(message));

        // The message's own id: a message that is delivered twice makes one batch.
        return starter.StartAsync(batch, batch.Id ?? id, client, cancellationToken);
    }
}
