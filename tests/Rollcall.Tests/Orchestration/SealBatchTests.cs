using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Orchestration;

public sealed class SealBatchTests
{
    [Fact]
    public async Task Receipt_OfASealedBatch_SaysWhatIsInTheResults()
    {
        using var batch = await TestBatch.Of(5, itemsPerShard: 2);
        await batch.WriteShardAsync(0);
        await batch.WriteShardAsync(
            1,
            [TestOutcome.Failed(2, ItemErrorCode.Timeout), TestOutcome.Failed(3, ItemErrorCode.HttpStatus, httpStatus: 404)]);
        await batch.WriteShardAsync(2);
        var output = await batch.SealAsync();

        var receipt = await batch.ReceiptAsync();
        Assert.Equal((TestBatch.Id, 5L, 5L), (receipt.BatchId, receipt.Items, receipt.Outcomes));
        Assert.Equal((3L, 2L), (receipt.Counts.Succeeded, receipt.Counts.Failed));
        Assert.Equal(new Dictionary<string, long> { ["http-status"] = 1, ["timeout"] = 1 }, receipt.Counts.ByErrorCode);
        Assert.Equal(new Dictionary<string, long> { ["200"] = 3, ["404"] = 1 }, receipt.Counts.ByHttpStatus);
        Assert.Equal(batch.Manifest.ContentSha256, receipt.ContentSha256);
        Assert.Equal((batch.Manifest.CreatedAt, batch.Time.GetUtcNow()), (receipt.CreatedAt, receipt.SealedAt));
        Assert.Equal([(0, 0L, 2), (1, 2L, 2), (2, 4L, 1)], receipt.Shards.Select(s => (s.Shard, s.FirstIndex, s.Items)));
        Assert.Equal((5, 3, receipt.Sha256), (output.Items, output.Counts.Succeeded, output.Sha256));
    }

    [Fact]
    public async Task Hashes_OfTheReceipt_AreThoseOfTheShardFilesAndOfAllOfThemTogether()
    {
        using var batch = await TestBatch.Of(5, itemsPerShard: 2);
        await batch.WriteAllShardsAsync();
        await batch.SealAsync();
        var receipt = await batch.ReceiptAsync();
        byte[][] files = [await batch.ResultsOfAsync(0), await batch.ResultsOfAsync(1), await batch.ResultsOfAsync(2)];
        Assert.Equal(files.Select(TestOutcome.Sha256Of), receipt.Shards.Select(s => s.Sha256));
        Assert.Equal(TestOutcome.Sha256Of([.. files.SelectMany(f => f)]), receipt.Sha256);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Results_OfABatchOfManyShards_AreOpenedThirtyTwoAtATime(int run)
    {
        // A store that takes its time for each would otherwise take longer for all than the host gives an activity.
        using var batch = await TestBatch.Of(50, itemsPerShard: 1);
        await batch.WriteAllShardsAsync();
        if (run == 2)
        {
            await batch.SealAsync();
            await batch.Controls.ChangeAsync(
                batch.Manifest,
                control => control.Redriven(batch.Time.GetUtcNow(), onlyCodes: null),
                TestContext.Current.CancellationToken);
        }

        int open = 0;
        int most = 0;
        var enough = new TaskCompletionSource();
        async Task<Stream?> OpenAsync(Func<object?> call)
        {
            most = Math.Max(most, ++open);
            if (open == 32)
            {
                enough.TrySetResult();
            }

            await enough.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            open--;
            return await (ValueTask<Stream?>)call()!;
        }

        var store = CallHook.Wrap<IBatchStore>(
            batch.Store,
            nameof(IBatchStore.OpenResultsAsync),
            call => new ValueTask<Stream?>(OpenAsync(call)));
        Assert.Equal(50, (await batch.TrySealAsync(store, run)).Whole!.Items);
        Assert.Equal(32, most);
    }

    [Fact]
    public async Task Batch_WithAMissingShard_IsNotSealed()
    {
        using var batch = await TestBatch.Of(5, itemsPerShard: 2);
        await batch.WriteShardAsync(0);
        await batch.WriteShardAsync(2);
        await AssertNotSealedAsync(batch, "Shard 1 of batch 'batch-1' has no results.");
    }

    [Fact]
    public async Task Shard_WithALineTooFew_IsNotSealed()
    {
        using var batch = await WrittenAsync();
        await batch.ReplaceResultsAsync(1, (await batch.LinesOfAsync(1))[0] + "\n");
        await AssertNotSealedAsync(batch, "Shard 1 has 1 results for 2 items.");
    }

    [Fact]
    public async Task Shard_WithNoLine_IsNotSealed()
    {
        using var batch = await WrittenAsync();
        await batch.ReplaceResultsAsync(1, "");
        await AssertNotSealedAsync(batch, "Shard 1 has 0 results for 2 items.");
    }

    [Fact]
    public async Task Shard_WithALineTooMany_IsNotSealed()
    {
        using var batch = await WrittenAsync();
        await batch.ReplaceResultsAsync(1, string.Join('\n', [.. await batch.LinesOfAsync(1), .. await batch.LinesOfAsync(2)]) + "\n");
        await AssertNotSealedAsync(batch, "Shard 1 has 3 results for 2 items.");
    }

    [Fact]
    public async Task Shard_WithADoubledLine_IsNotSealed()
    {
        using var batch = await WrittenAsync();
        string first = (await batch.LinesOfAsync(1))[0];
        await batch.ReplaceResultsAsync(1, $"{first}\n{first}\n");
        await AssertNotSealedAsync(batch, "Shard 1 has the result of item 2 in the place of item 3.");
    }

    [Fact]
    public async Task Shard_OutOfOrder_IsNotSealed()
    {
        using var batch = await WrittenAsync();
        var lines = await batch.LinesOfAsync(1);
        await batch.ReplaceResultsAsync(1, $"{lines[1]}\n{lines[0]}\n");
        await AssertNotSealedAsync(batch, "Shard 1 has the result of item 3 in the place of item 2.");
    }

    [Fact]
    public async Task Shard_WhoseLastLineBreaksOff_IsNotSealed()
    {
        using var batch = await WrittenAsync();
        await batch.ReplaceResultsAsync(2, (await batch.LinesOfAsync(2))[0]);
        Assert.Equal(2, Assert.Single((await batch.TrySealAsync()).Lost).Shard);
        Assert.Null(await batch.Store.FindReceiptAsync(TestBatch.Id, run: 1, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("empty")]
    [InlineData("gone")]
    public async Task Shard_WhoseFileIsDamaged_IsToldOfAndSealedWhenItIsWrittenAgain(string how)
    {
        using var batch = await WrittenAsync();
        string path = batch.ResultsPath(1);
        await (how switch
        {
            "flipped" => FileDamage.FlipTextAsync(path, "\"httpStatus\":20"),
            "empty" => File.WriteAllBytesAsync(path, [], TestContext.Current.CancellationToken),
            _ => Task.Run(() => File.Delete(path), TestContext.Current.CancellationToken),
        });
        var result = await batch.TrySealAsync();
        Assert.Null(result.Whole);
        Assert.Equal(1, Assert.Single(result.Lost).Shard);
        Assert.Null(await batch.Store.FindReceiptAsync(TestBatch.Id, run: 1, TestContext.Current.CancellationToken));
        await batch.WriteShardAsync(1);
        Assert.Equal(5, (await batch.SealAsync()).Items);
    }

    [Fact]
    public async Task Line_WhoseBodyIsNotTheOneItSays_IsNotSealed()
    {
        using var batch = await WrittenAsync();
        await batch.ReplaceResultsAsync(
            1,
            string.Join('\n', await batch.LinesOfAsync(1)).Replace("\"body\":\"{}\"", "\"body\":\"[]\"", StringComparison.Ordinal) + "\n");
        Assert.Equal(
            "The body of item 2 is not the one whose length and SHA-256 its line has.",
            Assert.Single((await batch.TrySealAsync()).Lost).Reason);
    }

    [Fact]
    public async Task Shard_OfARedriveWhoseFileIsGone_IsNotSealedWithTheLinesBefore()
    {
        using var batch = await TestBatch.Of(2);
        await batch.WriteShardAsync(0, [TestOutcome.Failed(0, ItemErrorCode.Timeout), TestOutcome.Succeeded(1)]);
        await batch.SealAsync();
        await batch.Controls.ChangeAsync(
            batch.Manifest,
            control => control.Redriven(batch.Time.GetUtcNow(), onlyCodes: null),
            TestContext.Current.CancellationToken);
        await batch.WriteShardAsync(0, [TestOutcome.Succeeded(0)], run: 2);
        File.Delete(batch.ResultsPath(0, run: 2));
        Assert.Equal(0, Assert.Single((await batch.TrySealAsync(run: 2)).Lost).Shard);
        await batch.WriteShardAsync(0, [TestOutcome.Succeeded(0)], run: 2);
        Assert.Equal(2, (await batch.SealAsync(run: 2)).Counts.Succeeded);
    }

    [Fact]
    public async Task Redrive_OfABatchWhoseSealedResultsAreDamaged_IsRefusedByTheShardsName()
    {
        using var batch = await TestBatch.Of(2);
        await batch.WriteShardAsync(0, [TestOutcome.Failed(0, ItemErrorCode.Timeout), TestOutcome.Succeeded(1)]);
        await batch.SealAsync();
        await batch.Controls.ChangeAsync(
            batch.Manifest,
            control => control.Redriven(batch.Time.GetUtcNow(), onlyCodes: null),
            TestContext.Current.CancellationToken);
        await FileDamage.FlipTextAsync(batch.ResultsPath(0), "It failed");
        var find = new FindWritten(batch.Store, batch.Controls);
        var failure = await Assert.ThrowsAsync<DamagedDataException>(
            () => find.RunAsync(TestBatch.AnyContext, new ShardRange(TestBatch.Id, 2, 0, 1)));
        Assert.Contains("Shard 0 of run 1 of batch 'batch-1' is damaged", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DamagedDataException>(() => batch.WriteShardAsync(0, [TestOutcome.Succeeded(0)], run: 2));
    }

    [Fact]
    public async Task Batch_SealedTwice_KeepsItsFirstReceipt()
    {
        using var batch = await WrittenAsync();
        var first = await batch.SealAsync();
        var sealedAt = (await batch.ReceiptAsync()).SealedAt;
        batch.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(first.SealedAt, (await batch.SealAsync()).SealedAt);
        Assert.Equal(sealedAt, (await batch.ReceiptAsync()).SealedAt);
    }

    static async Task<TestBatch> WrittenAsync()
    {
        var batch = await TestBatch.Of(5, itemsPerShard: 2);
        await batch.WriteAllShardsAsync();
        return batch;
    }

    static async Task AssertNotSealedAsync(TestBatch batch, string message)
    {
        Assert.Equal(message, (await Assert.ThrowsAsync<InvalidOperationException>(() => batch.SealAsync())).Message);
        Assert.Null(await batch.Store.FindReceiptAsync(TestBatch.Id, run: 1, TestContext.Current.CancellationToken));
    }
}
