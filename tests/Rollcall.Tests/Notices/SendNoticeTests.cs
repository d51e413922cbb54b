using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Notices;
using Rollcall.Orchestration;
using Rollcall.Sending;
using Rollcall.Targets;

namespace Rollcall.Tests.Notices;

public sealed class SendNoticeTests : IDisposable
{
    readonly EndedBatch batch = new();
    readonly FakeNoticeScheduler scheduler = new();

    public void Dispose() => batch.Dispose();

    [Fact]
    public async Task Notice_OfABatchWhoseOrchestrationHasATurnToGo_WaitsForIt()
    {
        await using var target = Target.Start(Responses.WithoutBody(204));
        scheduler.Batch = new BatchExecution(BatchExecution.NoStatus, EndedAt: null, Failure: null);

        var result = await SendAsync(target.Url);

        Assert.Equal(NoticeState.Pending, result.Delivery.Status);
        Assert.Empty(result.Delivery.Attempts);
        Assert.Equal(1, result.RetryAfterSeconds);
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task Notice_OfARunAfterWhichTheBatchWasRedriven_IsSent()
    {
        await using var target = Target.Start(Responses.WithoutBody(204));
        scheduler.Batch = new BatchExecution(BatchExecution.NoStatus with { Run = 2 }, EndedAt: null, Failure: null);

        var result = await SendAsync(target.Url);

        Assert.Equal(NoticeState.Delivered, result.Delivery.Status);
        Assert.Single(target.Requests);
    }

    [Fact]
    public async Task Notice_StartedOnceItsOutcomeIsRecorded_IsNotScheduledAgain()
    {
        await batch.StoreAsync(new OnCompleted { Queue = "ended" });
        var start = new StartNotice(batch.Store, scheduler);

        Assert.Equal("batch-1.notice.1", await start.RunAsync(new Context(), new BatchRunAddress(EndedBatch.Id, 1)));
        await new WriteNotice(batch.Store).RunAsync(new Context(), new NoticeRecord(EndedBatch.Id, 1, new NoticeStatus()));
        await start.RunAsync(new Context(), new BatchRunAddress(EndedBatch.Id, 1));

        Assert.Equal([new NoticePlan(EndedBatch.Id, 1, HasWebhook: false, HasQueue: true)], scheduler.Scheduled);
    }

    async Task<SendNoticeResult> SendAsync(string url)
    {
        await batch.StoreAsync(new OnCompleted { Webhook = new CompletionWebhook(url) });
        await batch.SealAsync();
        using var client = SenderHttp.CreateClient();
        var sender = new NoticeSender(client, (_, _) => null, batch.Time, () => 0.5);
        return await new SendNotice(batch.Store, sender, scheduler).RunAsync(
            new Context(),
            new SendNoticeInput(EndedBatch.Id, 1, NoticeChannel.Webhook, []));
    }

    sealed class Context : TaskActivityContext
    {
        public override TaskName Name => nameof(SendNotice);

        public override string InstanceId => EndedBatch.Id;
    }
}
