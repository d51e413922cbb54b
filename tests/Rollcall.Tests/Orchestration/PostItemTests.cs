using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Progress;
using Rollcall.Sending;
using Rollcall.Storage;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Orchestration;

public sealed class PostItemTests
{
    [Fact]
    public async Task Activity_OfAnItem_SendsThatItemAndTellsTheProgress()
    {
        await using var target = Target.Start(Responses.Echo);
        using var batch = await TestBatch.Of(3, url: target.Url);
        using var client = SenderHttp.CreateClient();
        var sender = new ItemSender(client, batch.Store, (_, _) => null, TimeProvider.System, () => 0);
        var (outcome, retryAfter, _, _) = await new PostItem(
            batch.Store,
            sender,
            batch.Controls,
            TimeProvider.System,
            batch.Progress).RunAsync(TestBatch.AnyContext, new PostItemInput(TestBatch.Id, 1, 2));
        Assert.Equal((2, """{"n":2}"""), (outcome.Index, outcome.Body?.Text));
        Assert.Null(retryAfter);
        Assert.Equal("batch-1-2", Assert.Single(target.Requests).Headers["Idempotency-Key"]);
        Assert.Equal(1, batch.Progress.Snapshot().Counts.Succeeded);
    }

    [Fact]
    public async Task Activity_OfABatchThatIsNotThere_Fails()
    {
        using var batch = await TestBatch.Of(1);
        using var client = SenderHttp.CreateClient();
        var activity = new PostItem(
            batch.Store,
            new ItemSender(client, batch.Store, (_, _) => null, TimeProvider.System, () => 0),
            batch.Controls,
            TimeProvider.System,
            new BatchProgress());
        var failure = await Assert.ThrowsAsync<DamagedBatchException>(
            () => activity.RunAsync(TestBatch.AnyContext, new PostItemInput("other", 0, 0)));
        Assert.Equal("What is stored of batch 'other' is damaged: manifest.json is missing.", failure.Message);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("index")]
    public async Task Item_WhosePayloadIsNotWhatWasTakenIn_IsNotSent(string kind)
    {
        await using var target = Target.Start(Responses.Echo);
        using var batch = await TestBatch.Of(3, url: target.Url);
        await FileDamage.FlipAsync(batch.ItemsPath(kind), at: (int)(new FileInfo(batch.ItemsPath(kind)).Length - 3));
        using var client = SenderHttp.CreateClient();
        var activity = new PostItem(
            batch.Store,
            new ItemSender(client, batch.Store, (_, _) => null, TimeProvider.System, () => 0),
            batch.Controls,
            TimeProvider.System,
            batch.Progress);
        var (outcome, retryAfter, _, _) = await activity.RunAsync(TestBatch.AnyContext, new PostItemInput(TestBatch.Id, 1, 2));
        Assert.Equal((OutcomeStatus.Failed, ItemErrorCode.InputDamaged), (outcome.Status, outcome.Error!.Code));
        Assert.Null(retryAfter);
        Assert.Empty(target.Requests);
        Assert.Equal(
            OutcomeStatus.Succeeded,
            (await activity.RunAsync(TestBatch.AnyContext, new PostItemInput(TestBatch.Id, 0, 1))).Outcome.Status);
    }

    [Fact]
    public void PlatformFailure_OfAnItem_KeepsItsPlaceAndSaysWhatHappened()
    {
        var outcome = ItemOutcome.PlatformFailure(7, [], "The worker process was lost.");
        Assert.Equal((7, OutcomeStatus.Failed), (outcome.Index, outcome.Status));
        Assert.Equal(new ItemError(ItemErrorCode.Platform, "The worker process was lost."), outcome.Error);
    }
}
