using Rollcall.Batches;
using Rollcall.Lifecycle;
using Rollcall.Orchestration;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Notices;

/// <summary>What the reconciler does about the notices of batches that have ended.</summary>
public sealed class DueNoticesTests : IDisposable
{
    static readonly OnCompleted Whom = new() { Webhook = new CompletionWebhook("http://127.0.0.1:1/", null), Queue = "ended" };

    readonly EndedBatch batch = new();
    readonly TemporaryFolder folder = new();
    readonly FakeNoticeScheduler scheduler = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        batch.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Batch_WhoseNoticeHasNoOrchestration_GetsOneAndStaysOpen()
    {
        await batch.StoreAsync(Whom);
        await batch.SealAsync();

        var found = Assert.Single(await ReconcileAsync());

        Assert.Equal([new NoticePlan(EndedBatch.Id, 1, HasWebhook: true, HasQueue: true)], scheduler.Scheduled);
        Assert.Equal(ReconcileAction.NoticeScheduled, found.Action);
        Assert.Equal("The notice of the end of batch 'batch-1' was scheduled again: it had no orchestration.", found.ToString());
        Assert.True(await IsOpenAsync(), "The batch was closed while its notice was due.");
    }

    [Fact]
    public async Task Batch_WhoseNoticeIsBeingSent_StaysOpenAndIsLeftAlone()
    {
        await batch.StoreAsync(Whom);
        await batch.SealAsync();
        scheduler.Executions[1] = new NoticeExecution(NoticeStatus.NotSent(Whom), HasEnded: false, IsTerminated: false);

        Assert.Empty(await ReconcileAsync());

        Assert.Empty(scheduler.Scheduled);
        Assert.True(await IsOpenAsync(), "The batch was closed while its notice was due.");
    }

    [Fact]
    public async Task Batch_WhoseNoticeFailedWithItsOrchestration_GetsAnotherOne()
    {
        await batch.StoreAsync(Whom);
        await batch.SealAsync();
        scheduler.Executions[1] = new NoticeExecution(Status: null, HasEnded: true, IsTerminated: false);

        Assert.Equal(ReconcileAction.NoticeScheduled, Assert.Single(await ReconcileAsync()).Action);

        Assert.Single(scheduler.Scheduled);
        Assert.True(await IsOpenAsync(), "The batch was closed while its notice was due.");
    }

    [Fact]
    public async Task Batch_WhoseNoticesOutcomeIsRecorded_IsClosed()
    {
        await batch.StoreAsync(Whom);
        await batch.SealAsync();
        await batch.Store.WriteNoticeAsync(EndedBatch.Id, 1, NoticeStatus.NotSent(Whom), Cancelled);

        Assert.Empty(await ReconcileAsync());

        Assert.Empty(scheduler.Scheduled);
        Assert.False(await IsOpenAsync(), "The batch is open although nothing of it is due.");
    }

    [Fact]
    public async Task Batch_WithNobodyToTell_IsClosed()
    {
        await batch.StoreAsync(whom: null);
        await batch.SealAsync();

        Assert.Empty(await ReconcileAsync());

        Assert.Empty(scheduler.Scheduled);
        Assert.False(await IsOpenAsync(), "The batch is open although nothing of it is due.");
    }

    [Fact]
    public async Task Batch_WhoseNoticeWasTerminated_GetsItsOutcomeRecordedAndIsClosed()
    {
        await batch.StoreAsync(Whom);
        await batch.SealAsync();
        var sent = new NoticeDelivery(NoticeState.Delivered, [new NoticeAttempt(batch.Time.GetUtcNow(), 1)]);
        scheduler.Executions[1] = new NoticeExecution(
            NoticeStatus.NotSent(Whom).With(NoticeChannel.Queue, sent),
            HasEnded: true,
            IsTerminated: true);

        Assert.Empty(await ReconcileAsync());

        Assert.Empty(scheduler.Scheduled);
        var outcome = await batch.Store.FindNoticeAsync(EndedBatch.Id, 1, Cancelled);
        Assert.Equal(NoticeState.Failed, outcome!.Webhook!.Status);
        Assert.Contains("terminated", outcome.Webhook.Attempts.Single().Error, StringComparison.Ordinal);
        Assert.Equal(NoticeState.Delivered, outcome.Queue!.Status);
        Assert.False(await IsOpenAsync(), "The batch is open although nothing of it is due.");
    }

    [Fact]
    public async Task Batch_ThatWasRedriven_HasTheNoticesOfAllItsRunsSent()
    {
        await batch.StoreAsync(Whom);
        await batch.SealAsync();
        await batch.SealAsync(run: 2);
        await batch.Store.WriteControlAsync(BatchControl.Of(batch.Manifest).Redriven(batch.Time.GetUtcNow(), null), Cancelled);

        await ReconcileAsync();

        Assert.Equal([1, 2], scheduler.Scheduled.Select(notice => notice.Run));
    }

    [Fact]
    public async Task Batch_ThatFailsForGood_HasItsNoticeSent()
    {
        await batch.StoreAsync(Whom);
        scheduler.Batch = scheduler.Batch with { Failure = "It was ended.", IsTerminated = true };

        var found = Assert.Single(await ReconcileAsync());

        Assert.Equal(ReconcileAction.Failed, found.Action);
        Assert.Single(scheduler.Scheduled);
        Assert.True(await IsOpenAsync(), "The batch was closed while its notice was due.");
    }

    FileBatchCatalog Catalog => new(folder.File("catalog"));

    async Task<IReadOnlyList<ReconciledBatch>> ReconcileAsync()
    {
        await Catalog.AddAsync(EndedBatch.Id, batch.Manifest.CreatedAt, Cancelled);
        return await new Reconciler(
            batch.Store,
            Catalog,
            batch.Time,
            new RollcallOptions()).ReconcileAsync(scheduler, Cancelled).ToListAsync(Cancelled);
    }

    async Task<bool> IsOpenAsync() => await Catalog.ListOpenAsync(Cancelled).AnyAsync(Cancelled);
}
