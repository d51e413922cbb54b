using Azure.Storage.Queues;
using Rollcall.Functions.Storage;

namespace Rollcall.Functions.Queues;

/// <summary>Sends notices to queues.</summary>
/// <param name="open">Creates the client of a queue, by its name.</param>
sealed class NoticeQueues(Func<string, QueueClient> open)
{
    /// <summary>Puts a message on a queue, which is created if it is missing.</summary>
    public async Task SendAsync(string queue, string message, CancellationToken cancellationToken)
    {
        try
        {
            var client = open(queue);
            await client.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await client.SendMessageAsync(message, cancellationToken: cancellationToken);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            throw StorageFailure.OfQueue(queue, exception);
        }
    }
}
