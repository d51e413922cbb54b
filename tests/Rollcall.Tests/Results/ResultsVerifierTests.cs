using System.Text;
using CsCheck;
using Rollcall.Batches;
using Rollcall.Results;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Results;

public sealed class ResultsVerifierTests
{
    const int Items = 7;
    const int ItemsPerShard = 3;

    [Fact]
    public async Task Results_AsTheyWereRecorded_AreProven()
    {
        var (lines, receipt) = await SealAsync();
        Assert.Null(await VerifyAsync(lines, receipt));
    }

    [Fact]
    public async Task Results_WithAnyByteChanged_AreNotProven()
    {
        var (lines, receipt) = await SealAsync();
        byte[] whole = Encoding.UTF8.GetBytes(string.Concat(lines));
        await Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte[1, 255]).SampleAsync(
            async (at, change) =>
            {
                byte[] changed = [.. whole];
                changed[at] ^= change;
                Assert.NotNull(await VerifyAsync(changed, receipt));
            },
            iter: 500,
            threads: 1);
    }

    [Fact]
    public async Task Results_CutAtAnyByte_AreNotProven()
    {
        var (lines, receipt) = await SealAsync();
        byte[] whole = Encoding.UTF8.GetBytes(string.Concat(lines));
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.NotNull(await VerifyAsync(whole[..length], receipt));
        }
    }

    [Fact]
    public async Task Line_ThatIsMissing_IsNamed()
    {
        var (lines, receipt) = await SealAsync();
        Assert.Equal(
            "Line 5 is of item 5: item 4 is missing, or out of order.",
            await VerifyAsync([.. lines[..4], .. lines[5..]], receipt));
        Assert.Equal(
            "The results end after 6 lines: item 6 and what follows is missing, of 7 items.",
            await VerifyAsync(lines[..6], receipt));
    }

    [Fact]
    public async Task Line_ThatIsDoubled_IsNamed()
    {
        var (lines, receipt) = await SealAsync();
        Assert.Equal(
            "Line 3 is of item 1, which is doubled or out of order: item 2 should be here.",
            await VerifyAsync([.. lines[..2], .. lines[1..]], receipt));
        Assert.Equal("Line 8 is one too many: the receipt is of 7 items.", await VerifyAsync([.. lines, lines[0]], receipt));
        Assert.Equal("Line 8 is one too many: the receipt is of 7 items.", await VerifyAsync([.. lines, "garbage"], receipt));
    }

    [Fact]
    public async Task Lines_OutOfOrder_AreNamed()
    {
        var (lines, receipt) = await SealAsync();
        Assert.Equal(
            "Line 2 is of item 2: item 1 is missing, or out of order.",
            await VerifyAsync([lines[0], lines[2], lines[1], .. lines[3..]], receipt));
    }

    [Fact]
    public async Task Line_WithAnotherBody_IsNamed()
    {
        var (lines, receipt) = await SealAsync();
        string[] changed = [.. lines];
        changed[4] = changed[4].Replace("\"body\":\"{}\"", "\"body\":\"[]\"", StringComparison.Ordinal);
        Assert.Equal(
            "Line 5 is not a result: The body of item 4 is not the one whose length and SHA-256 its line has.",
            await VerifyAsync(changed, receipt));
    }

    [Fact]
    public async Task Line_WithAnotherDuration_IsFoundInItsShard()
    {
        var (lines, receipt) = await SealAsync();
        string[] changed = [.. lines];
        changed[4] = changed[4].Replace("\"durationMs\":1.5", "\"durationMs\":2.5", StringComparison.Ordinal);
        Assert.Equal(
            "One of the lines 4 to 6 was changed: shard 1 has another SHA-256 than the receipt says.",
            await VerifyAsync(changed, receipt));
    }

    [Fact]
    public async Task Line_ThatIsNoResult_IsNamed()
    {
        var (lines, receipt) = await SealAsync();
        string[] changed = [.. lines];
        changed[2] = "<html>\n";
        Assert.StartsWith("Line 3 is not a result: ", await VerifyAsync(changed, receipt), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receipt_ThatWasChanged_IsFoundOut()
    {
        var (lines, receipt) = await SealAsync();
        Receipt[] changed =
        [
            receipt with { Items = 8, Outcomes = 8 },
            receipt with { Outcomes = 6 },
            receipt with { Sha256 = new string('0', 64) },
            receipt with { Counts = new OutcomeCounts { Succeeded = 6, Failed = 1 } },
            receipt with { Shards = receipt.Shards.Take(2).ToList() },
            receipt with { Shards = [receipt.Shards[0], receipt.Shards[2], receipt.Shards[1]] },
            receipt with { Shards = [receipt.Shards[0] with { Items = 4 }, .. receipt.Shards.Skip(1)] },
            receipt with { Shards = [receipt.Shards[0] with { Sha256 = receipt.Shards[1].Sha256 }, .. receipt.Shards.Skip(1)] },
        ];
        foreach (var one in changed)
        {
            Assert.NotNull(await VerifyAsync(lines, one));
        }
    }

    static Task<string?> VerifyAsync(IReadOnlyList<string> lines, Receipt receipt) =>
        VerifyAsync(Encoding.UTF8.GetBytes(string.Concat(lines)), receipt);

    static async Task<string?> VerifyAsync(byte[] results, Receipt receipt)
    {
        using var stream = new MemoryStream(results);
        return await new ResultsVerifier(receipt).FindFaultAsync(stream, TestContext.Current.CancellationToken);
    }

    static async Task<(string[] Lines, Receipt Receipt)> SealAsync()
    {
        using var batch = await TestBatch.Of(Items, ItemsPerShard);
        await batch.WriteAllShardsAsync();
        await batch.SealAsync();
        var lines = new List<string>();
        for (int shard = 0; shard < batch.Manifest.ShardCount(); shard++)
        {
            lines.AddRange((await batch.LinesOfAsync(shard)).Select(line => line + "\n"));
        }

        return ([.. lines], await batch.ReceiptAsync());
    }
}
