using System.Text;
using Rollcall.Batches;
using Rollcall.Credentials;

namespace Rollcall.Notices;

/// <summary>Makes one attempt per call to send a notice, and says whether and when to try again.</summary>
/// <param name="client">The HTTP client that items are sent with.</param>
/// <param name="keys">Finds the signing keys.</param>
/// <param name="random">Random numbers from 0 up to 1, for the waits between attempts.</param>
/// <param name="queues">Sends to queues; null if the host has none.</param>
public sealed class NoticeSender(HttpClient client, SecretLookup keys, TimeProvider time, Func<double> random, QueueSend? queues = null)
{
    static readonly TimeSpan QueueTimeout = TimeSpan.FromMinutes(1);

    readonly WebhookSender webhooks = new(client, keys, time);

    /// <summary>Sends a notice.</summary>
    /// <param name="whom">Who is to be notified.</param>
    /// <param name="channel">The channel to use: one that <paramref name="whom"/> has.</param>
    /// <param name="earlier">The earlier attempts on this channel.</param>
    /// <returns>The delivery, including this attempt; and the wait before the next one, null if there is none.</returns>
    public async Task<(NoticeDelivery Delivery, TimeSpan? RetryAfter)> SendAsync(
        Notice notice,
        OnCompleted whom,
        NoticeChannel channel,
        IReadOnlyList<NoticeAttempt> earlier)
    {
        var at = time.GetUtcNow();
        long started = time.GetTimestamp();
        var sent = channel == NoticeChannel.Webhook
            ? await webhooks.SendAsync(whom.Webhook!, notice)
            : await SendToQueueAsync(whom.Queue!, notice);
        var attempt = new NoticeAttempt(at, Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 3), sent.HttpStatus, sent.Error);
        NoticeAttempt[] attempts = [.. earlier, attempt];
        if (sent.Error is null)
        {
            return (new NoticeDelivery(NoticeState.Delivered, attempts), null);
        }

        var wait = sent.IsFinal ? null : NoticeSchedule.WaitAfter(attempts, time.GetUtcNow(), sent.Asked, random());
        return (new NoticeDelivery(wait is null ? NoticeState.Failed : NoticeState.Pending, attempts), wait);
    }

    async Task<SentNotice> SendToQueueAsync(string queue, Notice notice)
    {
        if (queues is null)
        {
            return new SentNotice(Error: "This host has no queues: only the Function App has.", IsFinal: true);
        }

        using var deadline = new CancellationTokenSource(QueueTimeout, time);
        try
        {
            await queues(queue, Encoding.UTF8.GetString(notice.Body.Span), deadline.Token);
            return new SentNotice();
        }
        catch (IOException exception)
        {
            return new SentNotice(Error: exception.Message);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new SentNotice(Error: $"The queue '{queue}' did not take the message within {QueueTimeout.TotalSeconds} s.");
        }
    }
}

/// <summary>Puts a message on a queue of the app's own storage account. The queue is created if it is missing.</summary>
/// <returns>A task that completes when the message is on the queue.</returns>
/// <exception cref="IOException">The storage account failed or refused.</exception>
public delegate Task QueueSend(string queue, string message, CancellationToken cancellationToken);
