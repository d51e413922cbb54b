using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Orchestration;

public sealed class RedriveTests
{
    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Items_OfARedrive_AreThoseThatDidNotSucceed()
    {
        using var batch = await FailedAsync();
        await RedriveAsync(batch);
        Assert.Equal([1, 2], await SelectAsync(batch, 0));
        Assert.Empty(await SelectAsync(batch, 1));
        Assert.Equal([6], await SelectAsync(batch, 2));
    }

    [Fact]
    public async Task Items_OfARedriveOfOneCode_AreThoseOnly()
    {
        using var batch = await FailedAsync();
        await RedriveAsync(batch, ItemErrorCode.Timeout);
        Assert.Equal([1], await SelectAsync(batch, 0));
        Assert.Empty(await SelectAsync(batch, 2));
    }

    [Fact]
    public async Task Items_OfARedriveOfStatusesAndCodes_AreThoseThatHaveOneOfThem()
    {
        using var batch = await TestBatch.Of(5, itemsPerShard: 5);
        await batch.WriteShardAsync(
            0,
            [
                TestOutcome.Succeeded(0),
                TestOutcome.Failed(1, ItemErrorCode.HttpStatus, 422),
                TestOutcome.Failed(2, ItemErrorCode.HttpStatus, 503),
                TestOutcome.Failed(3, ItemErrorCode.Dns),
                TestOutcome.Failed(4, ItemErrorCode.Tls),
            ]);
        await batch.SealAsync();
        await batch.Controls.ChangeAsync(
            batch.Manifest, control => control.Redriven(batch.Time.GetUtcNow(), [ItemErrorCode.Dns], "200-299,500-599"), Cancelled);
        Assert.Equal([2, 3], await SelectAsync(batch, 0));
    }

    [Fact]
    public async Task Shards_OfARedrive_AreLeftOutWhereNothingIsToSendOrAllIsWritten()
    {
        using var batch = await FailedAsync();
        await RedriveAsync(batch);
        var first = await FindAsync(batch);
        Assert.Equal([1], first.Shards);
        Assert.Equal(3, first.Tally.Counts.Succeeded);

        await batch.WriteShardAsync(2, [TestOutcome.Succeeded(6)], run: 2);
        var second = await FindAsync(batch);
        Assert.Equal([1, 2], second.Shards.Order());
        Assert.Equal(4, second.Tally.Counts.Succeeded);
    }

    [Fact]
    public async Task Outcomes_OfARedrive_TakeThePlacesOfTheOldOnesWhichStayReadable()
    {
        using var batch = await FailedAsync();
        await RedriveAsync(batch);
        byte[] large = TestBytes.Random(100_000);
        var body = await batch.StoreBodyAsync(0, large, isText: false);
        await batch.WriteShardAsync(0, [TestOutcome.Succeeded(1) with { Body = body }, TestOutcome.Failed(2, ItemErrorCode.Tls)], run: 2);
        var tally = await batch.WriteShardAsync(2, [TestOutcome.Succeeded(6)], run: 2);
        Assert.Equal(1, tally.Counts.Total());
        await batch.SealAsync(run: 2);

        var now = await batch.ResultsAsync(run: 2);
        Assert.Equal(Enumerable.Range(0, 7), now.Select(line => line.GetProperty("index").GetInt32()));
        Assert.Equal(TestOutcome.Sha256Of(large), now[1].GetProperty("sha256").GetString());
        Assert.Equal("tls", now[2].GetProperty("error").GetProperty("code").GetString());
        var before = await batch.ResultsAsync(run: 1);
        Assert.Equal("timeout", before[1].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(before[0].GetRawText(), now[0].GetRawText());

        var (first, second) = (await batch.ReceiptAsync(run: 1), await batch.ReceiptAsync(run: 2));
        Assert.Equal((1, 4, 3), (first.Run, first.Counts.Succeeded, first.Counts.Failed));
        Assert.Equal((2, 6, 1), (second.Run, second.Counts.Succeeded, second.Counts.Failed));
        Assert.NotEqual(first.Sha256, second.Sha256);
        Assert.Equal(first.Shards[1].Sha256, second.Shards[1].Sha256);
    }

    [Fact]
    public async Task Outcomes_ThatARedriveDidNotComeTo_AreTheOldOnes()
    {
        using var batch = await FailedAsync();
        await RedriveAsync(batch);
        await batch.WriteShardAsync(0, [TestOutcome.Succeeded(2)], run: 2);
        await batch.Controls.ChangeAsync(
            batch.Manifest,
            control => control.Stopped(new BatchStop(StopKind.Cancelled, "why", batch.Time.GetUtcNow())),
            Cancelled);
        await batch.SealAsync(run: 2);
        var receipt = await batch.ReceiptAsync(run: 2);
        Assert.Equal((5, 2, 0), (receipt.Counts.Succeeded, receipt.Counts.Failed, receipt.Counts.Cancelled));
        Assert.Equal("why", receipt.Stop!.Reason);
    }

    [Theory]
    [InlineData(new long[] { 2, 1 })]
    [InlineData(new long[] { 3 })]
    [InlineData(new long[] { 1, 1 })]
    public async Task Outcomes_ThatAreNotInTheShardInOrder_AreRefused(long[] indexes)
    {
        using var batch = await FailedAsync();
        await RedriveAsync(batch);
        IReadOnlyList<ItemOutcome> outcomes = [.. indexes.Select(index => TestOutcome.Succeeded(index))];
        await Assert.ThrowsAsync<InvalidOperationException>(() => batch.WriteShardAsync(0, outcomes, run: 2));
    }

    // Seven items: 1 timed out, 2 and 6 could not be resolved.
    static async Task<TestBatch> FailedAsync()
    {
        var batch = await TestBatch.Of(7, itemsPerShard: 3);
        await batch.WriteShardAsync(
            0,
            [TestOutcome.Succeeded(0), TestOutcome.Failed(1, ItemErrorCode.Timeout), TestOutcome.Failed(2, ItemErrorCode.Dns)]);
        await batch.WriteShardAsync(1);
        await batch.WriteShardAsync(2, [TestOutcome.Failed(6, ItemErrorCode.Dns)]);
        await batch.SealAsync();
        return batch;
    }

    static Task<BatchControl> RedriveAsync(TestBatch batch, params ItemErrorCode[] codes) =>
        batch.Controls.ChangeAsync(
            batch.Manifest,
            control => control.Redriven(batch.Time.GetUtcNow(), codes.Length == 0 ? null : codes),
            Cancelled);

    static Task<IReadOnlyList<long>> SelectAsync(TestBatch batch, int shard) =>
        new SelectItems(batch.Store, batch.Controls).RunAsync(TestBatch.AnyContext, new ShardAddress(TestBatch.Id, Run: 2, shard));

    static Task<WrittenShards> FindAsync(TestBatch batch) =>
        new FindWritten(batch.Store, batch.Controls).RunAsync(TestBatch.AnyContext, new ShardRange(TestBatch.Id, Run: 2, 0, 3));
}
