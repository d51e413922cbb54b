using System.Globalization;
using Microsoft.DurableTask;
using Rollcall.Batches;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="NoticeOrchestrator"/>.</summary>
/// <param name="Run">The run that ended, from 1.</param>
/// <param name="HasWebhook">Whether a webhook is notified.</param>
/// <param name="HasQueue">Whether a queue is notified.</param>
public sealed record NoticePlan(string BatchId, int Run, bool HasWebhook, bool HasQueue)
{
    /// <summary>The id of the orchestration.</summary>
    public string InstanceId => InstanceIdOf(BatchId, Run);

    /// <summary>Plans the notice of a run of a batch.</summary>
    /// <param name="run">The run, from 1.</param>
    /// <returns>The input of the notice's orchestration.</returns>
    public static NoticePlan Of(BatchManifest manifest, int run) =>
        new(manifest.Id, run, manifest.OnCompleted?.Webhook is not null, manifest.OnCompleted?.Queue is not null);

    /// <summary>The id of a notice's orchestration.</summary>
    /// <param name="run">The run, from 1.</param>
    public static string InstanceIdOf(string batchId, int run) => string.Create(CultureInfo.InvariantCulture, $"{batchId}.notice.{run}");
}

/// <summary>
/// Delivers the notice of a batch's end and records the result. It is separate from the batch's own orchestration, which would otherwise
/// run until the last delivery attempt, up to a day: an orchestration ends only after everything that it started, awaited or not. Its
/// custom status is a <see cref="NoticeStatus"/>.
/// </summary>
[DurableTask(nameof(NoticeOrchestrator))]
public sealed class NoticeOrchestrator : TaskOrchestrator<NoticePlan, NoticeStatus>
{
    /// <inheritdoc/>
    public override async Task<NoticeStatus> RunAsync(TaskOrchestrationContext context, NoticePlan input)
    {
        var status = new NoticeStatus();
        var ways = new List<Task>();
        if (input.HasWebhook)
        {
            ways.Add(DeliverAsync(NoticeChannel.Webhook));
        }

        if (input.HasQueue)
        {
            ways.Add(DeliverAsync(NoticeChannel.Queue));
        }

        await Task.WhenAll(ways);
        await context.CallStepAsync<string>(nameof(WriteNotice), new NoticeRecord(input.BatchId, input.Run, status));
        return status;

        async Task DeliverAsync(NoticeChannel channel)
        {
            Show(channel, NoticeDelivery.NotSent);
            IReadOnlyList<NoticeAttempt> attempts = [];
            double? wait = null;
            do
            {
                if (wait is { } seconds)
                {
                    await context.CreateTimer(TimeSpan.FromSeconds(seconds), CancellationToken.None);
                }

                var next = new SendNoticeInput(input.BatchId, input.Run, channel, attempts);
                var sent = await context.CallStepAsync<SendNoticeResult>(nameof(SendNotice), next);
                Show(channel, sent.Delivery);
                attempts = sent.Delivery.Attempts;
                wait = sent.RetryAfterSeconds;
            }
            while (wait is not null);
        }

        void Show(NoticeChannel channel, NoticeDelivery delivery)
        {
            status = status.With(channel, delivery);
            context.SetCustomStatus(status);
        }
    }
}
