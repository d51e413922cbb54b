using System.Text;
using Rollcall.Items;
using Rollcall.Tests.Building;
using Rollcall.Tests.Results;

namespace Rollcall.Tests.Orchestration;

public sealed class WriteShardTests
{
    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_OfAShard_AreInInputOrderWithTheItemsIds()
    {
        using var batch = await TestBatch.Of(5, itemsPerShard: 3);
        await batch.WriteAllShardsAsync();
        var lines = await batch.ResultsAsync();
        Assert.Equal(Enumerable.Range(0, 5), lines.Select(l => l.GetProperty("index").GetInt32()));
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"item-{i}"), lines.Select(l => l.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData(new long[] { 2 }, "Shard 1 has 2 items but 1 outcomes.")]
    [InlineData(new long[] { }, "Shard 1 has 2 items but 0 outcomes.")]
    [InlineData(new long[] { 2, 3, 3 }, "Shard 1 has 2 items but 3 outcomes.")]
    [InlineData(new long[] { 2, 2 }, "Shard 1 has the outcome of item 2 in the place of item 3.")]
    [InlineData(new long[] { 3, 2 }, "Shard 1 has the outcome of item 3 in the place of item 2.")]
    [InlineData(new long[] { 0, 1 }, "Shard 1 has the outcome of item 0 in the place of item 2.")]
    public async Task Outcomes_ThatAreNotOneForEachItem_AreRefusedAndNothingIsWritten(long[] indexes, string message)
    {
        using var batch = await TestBatch.Of(6, itemsPerShard: 2);
        IReadOnlyList<ItemOutcome> outcomes = [.. indexes.Select(index => TestOutcome.Succeeded(index))];
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => batch.WriteShardAsync(1, outcomes));
        Assert.Equal(message, failure.Message);
        Assert.Null(await batch.Store.OpenResultsAsync(TestBatch.Id, run: 1, 1, sha256: null, Cancelled));
    }

    [Fact]
    public async Task StoredBody_OfAnOutcome_IsInItsLineAndDeletedAfterwards()
    {
        using var batch = await TestBatch.Of(1);
        byte[] bytes = Encoding.UTF8.GetBytes(new string('€', 100_000));
        var body = await batch.StoreBodyAsync(0, bytes, isText: true);
        await batch.WriteShardAsync(0, [TestOutcome.Succeeded(0) with { Body = body }]);
        Assert.Equal(body.Sha256, TestOutcome.Sha256Of(ResultLines.BodyOf(Assert.Single(await batch.ResultsAsync()))));
        Assert.Null(await batch.Store.FindBodyAsync(TestBatch.Id, 0, body.StoredName!, Cancelled));
    }

    [Fact]
    public async Task Shard_ThatAnotherRunHasWritten_HasTheCountsOfItsFile()
    {
        using var batch = await TestBatch.Of(2);
        await batch.WriteShardAsync(0, [TestOutcome.Succeeded(0), TestOutcome.Failed(1, ItemErrorCode.Dns)]);
        var counts = (await batch.WriteShardAsync(0, [TestOutcome.Succeeded(0), TestOutcome.Succeeded(1)])).Counts;
        Assert.Equal((1, 1), (counts.Succeeded, counts.Failed));
    }

    [Fact]
    public async Task Shard_WrittenTwice_HasTheSameFileThoughItsBodiesAreGone()
    {
        using var batch = await TestBatch.Of(2);
        var body = await batch.StoreBodyAsync(0, new byte[100_000], isText: false);
        IReadOnlyList<ItemOutcome> outcomes = [TestOutcome.Succeeded(0) with { Body = body }, TestOutcome.Failed(1, ItemErrorCode.Dns)];
        await batch.WriteShardAsync(0, outcomes);
        byte[] first = await batch.ResultsOfAsync(0);
        Assert.Equal(2, (await batch.WriteShardAsync(0, outcomes)).Counts.Total());
        Assert.Equal(first, await batch.ResultsOfAsync(0));
    }

    [Fact]
    public async Task Shard_WrittenTwice_IsCountedOnce()
    {
        using var batch = await TestBatch.Of(2);
        await batch.WriteShardAsync(0);
        await batch.WriteShardAsync(0);
        Assert.Equal(2, batch.Progress.Snapshot().Counts.Total());
    }

    [Fact]
    public async Task Shard_WhoseStoredBodyIsMissing_SaysWhichItemAndLeavesNoResults()
    {
        using var batch = await TestBatch.Of(2);
        var body = TestOutcome.Stored("0123456789abcdef", new byte[10_000], isText: false);
        var written = await batch.TryWriteShardAsync(0, [TestOutcome.Succeeded(0), TestOutcome.Succeeded(1) with { Body = body }]);
        Assert.Null(written.Tally);
        Assert.Equal([1], written.Lost);
        Assert.Null(await batch.Store.OpenResultsAsync(TestBatch.Id, run: 1, 0, sha256: null, Cancelled));
    }

    [Theory]
    [InlineData("altered")]
    [InlineData("no text any more")]
    [InlineData("short")]
    [InlineData("long")]
    public async Task Shard_WhoseStoredBodyIsNotWhatWasReceived_SaysWhichItemsAndLeavesNoResults(string how)
    {
        using var batch = await TestBatch.Of(3, itemsPerShard: 3);
        byte[] bytes = Encoding.UTF8.GetBytes(new string('a', 100_000));
        var outcomes = new List<ItemOutcome>();
        for (int i = 0; i < 3; i++)
        {
            outcomes.Add(TestOutcome.Succeeded(i) with { Body = await batch.StoreBodyAsync(0, bytes, isText: true) });
        }

        foreach (int i in (int[])[0, 2])
        {
            string path = Path.Combine(batch.Store.FolderOf(TestBatch.Id), "bodies", "000000", outcomes[i].Body!.StoredName!);
            await File.WriteAllBytesAsync(path, Damage(bytes, how), Cancelled);
        }

        Assert.Equal([0, 2], (await batch.TryWriteShardAsync(0, outcomes)).Lost);
        Assert.Null(await batch.Store.OpenResultsAsync(TestBatch.Id, run: 1, 0, sha256: null, Cancelled));
    }

    [Fact]
    public async Task Shard_WhoseInlineBodyIsNotWhatWasReceived_SaysWhichItem()
    {
        using var batch = await TestBatch.Of(2);
        var other = TestOutcome.Succeeded(1);
        var written = await batch.TryWriteShardAsync(
            0,
            [TestOutcome.Succeeded(0), other with { Body = other.Body! with { Text = "{ }" } }]);
        Assert.Equal([1], written.Lost);
    }

    [Fact]
    public async Task Shard_WhoseResultsAreDamaged_IsWrittenAgain()
    {
        using var batch = await TestBatch.Of(2);
        await batch.WriteShardAsync(0);
        byte[] first = await batch.ResultsOfAsync(0);
        await FileDamage.FlipAsync(Path.Combine(batch.Store.FolderOf(TestBatch.Id), "results", "000000.jsonl"), at: 20);
        await batch.WriteShardAsync(0);
        Assert.Equal(first, await batch.ResultsOfAsync(0));
    }

    [Fact]
    public async Task Item_WhosePayloadWasDamagedAfterItWasSent_KeepsItsResponseAndItsId()
    {
        using var batch = await TestBatch.Of(1);
        await FileDamage.FlipTextAsync(batch.ItemsPath("data"), "{\"n\":0");
        await batch.WriteShardAsync(0);
        var line = Assert.Single(await batch.ResultsAsync());
        Assert.Equal(("item-0", "succeeded"), (line.GetProperty("id").GetString(), line.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Item_WhoseIdWasDamagedAfterItWasSent_IsAFailureThatHasItsResponse()
    {
        using var batch = await TestBatch.Of(2);
        await FileDamage.FlipTextAsync(batch.ItemsPath("data"), "item-1");
        var tally = await batch.WriteShardAsync(0);
        Assert.Equal((1, 1), (tally.Counts.Succeeded, tally.Counts.Failed));
        var line = (await batch.ResultsAsync())[1];
        Assert.False(line.TryGetProperty("id", out _));
        Assert.Equal("input-damaged", line.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal((200, "{}"), (line.GetProperty("httpStatus").GetInt32(), line.GetProperty("body").GetString()));
    }

    static byte[] Damage(byte[] bytes, string how) => how switch
    {
        "altered" => [.. bytes[..70_000], (byte)'b', .. bytes[70_001..]],
        "no text any more" => [.. bytes[..70_000], 0xFF, .. bytes[70_001..]],
        "short" => bytes[..65_536],
        _ => [.. bytes, (byte)'a'],
    };
}
