using Azure.Storage.Queues;
using Microsoft.Extensions.Logging;
using Rollcall.Api.Requests;
using Rollcall.Lifecycle;
using Rollcall.Orchestration;
using Rollcall.Storage;
using Rollcall.Validation;

namespace Rollcall.Functions.Queues;

/// <summary>
/// Starts the batch of a queue message. A message that can never be accepted goes to the poison queue at once, after the reason is
/// recorded. One that failed for another reason is delivered again, and the platform moves it there when it has failed too often.
/// </summary>
/// <param name="grants">The app's secrets, containers and queues that a message may name.</param>
/// <param name="maxDequeueCount">How often the platform delivers a message before it moves it to the poison queue.</param>
sealed partial class MessageStarter(
    BatchStarter starter,
    RequestGrants grants,
    IBatchCatalog catalog,
    QueueClient poison,
    TimeProvider time,
    int maxDequeueCount,
    ILogger<MessageStarter> logger)
{
    /// <summary>Starts the batch of a message.</summary>
    /// <param name="messageId">
    /// The message's id, which is also the batch's if the message names none, so that a message delivered twice starts one batch.
    /// </param>
    /// <param name="dequeueCount">The number of this delivery, from 1.</param>
    /// <param name="cancellationToken">Stops the intake. The message is then delivered again.</param>
    public async Task StartAsync(
        string message, string messageId, long dequeueCount, IBatchScheduler scheduler, CancellationToken cancellationToken)
    {
        try
        {
            var batch = BatchRequestParser.Parse(QueueText.ToJson(message), time, grants);
            var started = await starter.StartAsync(batch, batch.Id ?? messageId, scheduler, cancellationToken);
            if (started.Result == StartResult.Conflict)
            {
                await RejectAsync(message, messageId, started.ToConflict().ToText(), cancellationToken);
            }
        }
        catch (InvalidInputException exception)
        {
            await RejectAsync(message, messageId, exception.ToText(), cancellationToken);
        }
        catch (Exception exception) when (dequeueCount >= maxDequeueCount && exception is not OperationCanceledException)
        {
            // The platform moves the message after this.
            await NoteAsync(
                messageId,
                $"The message failed {dequeueCount} times, the last time because: {exception.Message}",
                cancellationToken);
            throw;
        }
    }

    async Task RejectAsync(string message, string messageId, string reason, CancellationToken cancellationToken)
    {
        await NoteAsync(messageId, reason, cancellationToken);
        await poison.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await poison.SendMessageAsync(message, cancellationToken: cancellationToken);
    }

    async Task NoteAsync(string messageId, string reason, CancellationToken cancellationToken)
    {
        LogRejected(messageId, poison.Name, reason);
        await catalog.AddRejectionAsync(new Rejection(messageId, time.GetUtcNow(), reason), cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "The queue message {MessageId} starts no batch and goes to the queue '{Queue}': {Reason}")]
    partial void LogRejected(string messageId, string queue, string reason);
}
