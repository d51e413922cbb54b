using DurableTask.Core;
using Rollcall.Batches;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Notices;

/// <summary>Notices on the embedded engine.</summary>
public sealed class NoticeEngineTests : IAsyncDisposable
{
    readonly NoticeEngine engine = new();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task Batch_WhoseReceiverHasNotResponded_HasEndedAndItsNoticeIsPending()
    {
        var response = new TaskCompletionSource();
        await using var receiver = Target.Start(async (request, connection) =>
        {
            await response.Task.WaitAsync(connection.Stopping);
            await Responses.WithoutBody(204)(request, connection);
        });

        var batch = await engine.RunAsync(receiver.Url);

        Assert.Equal(OrchestrationStatus.Completed, batch.OrchestrationStatus);
        await receiver.FirstRequest;
        Assert.NotNull(await engine.Store.FindReceiptAsync(ToldBatch.Id, run: 1, TestContext.Current.CancellationToken));
        var execution = await engine.FindNoticeAsync();
        Assert.False(execution!.HasEnded, "The notice ended before its receiver answered.");
        Assert.Equal(NoticeState.Pending, execution.Status!.Webhook!.Status);
        response.SetResult();
        Assert.Equal(NoticeState.Delivered, (await engine.WaitForOutcomeAsync()).Webhook!.Status);
    }

    [Fact]
    public async Task Notice_ThatFailsTwice_IsSentAgainAfterDurableTimersUnderTheSameId()
    {
        await using var receiver = Target.StartSequence(Responses.With(500, "no"), Faults.CloseWithoutResponse, Responses.With(200, "yes"));

        await engine.RunAsync(receiver.Url);

        var outcome = await engine.WaitForOutcomeAsync();
        Assert.Equal(NoticeState.Delivered, outcome.Webhook!.Status);
        Assert.Equal([500, null, 200], outcome.Webhook.Attempts.Select(attempt => attempt.HttpStatus));
        Assert.Null(outcome.Queue);
        Assert.Equal(3, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Select(request => request.Headers["webhook-id"]).Distinct());
    }

    [Fact]
    public async Task Notice_WhoseReceiverIsGone_HasFailedAndTheBatchHasNot()
    {
        await using var receiver = Target.Start(Responses.With(410, ""));

        var batch = await engine.RunAsync(receiver.Url);

        var outcome = await engine.WaitForOutcomeAsync();
        Assert.Equal(NoticeState.Failed, outcome.Webhook!.Status);
        Assert.Equal(410, Assert.Single(outcome.Webhook.Attempts).HttpStatus);
        Assert.Equal(OrchestrationStatus.Completed, batch.OrchestrationStatus);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task Batch_WithNobodyToTell_HasNoNotice()
    {
        var batch = await engine.RunAsync(webhook: null);

        Assert.Equal(OrchestrationStatus.Completed, batch.OrchestrationStatus);
        Assert.Null(await engine.FindNoticeAsync());
    }
}
