using System.Security.Cryptography;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Results;

public sealed class ResultReaderTests
{
    [Fact]
    public async Task Head_BeforeAHugeBody_IsReadAndSoIsTheNextLine()
    {
        byte[] first = await ResultLines.WriteAsync(TestOutcome.Succeeded(0, new string('"', 3_000_000)));
        byte[] second = await ResultLines.WriteAsync(TestOutcome.Failed(1, ItemErrorCode.Timeout, httpStatus: 200));
        Assert.Equal(
            [
                new ResultLine(0, OutcomeStatus.Succeeded, 200, null, Attempts: 1, DurationMs: 1.5, Bytes: 3_000_000),
                new ResultLine(1, OutcomeStatus.Failed, 200, ItemErrorCode.Timeout, Attempts: 4),
            ],
            await ResultLines.ReadAsync([.. first, .. second]));
    }

    [Fact]
    public async Task Head_WithEveryFieldAtItsLongest_IsRead()
    {
        // A control character is six bytes in JSON, the most that a character can take. Of attempts, there are at most 100 that count, 10
        // refusals, and an entry for those after each of the 100.
        Attempt longest = new(DateTimeOffset.MaxValue, 86_400_000.123, 599, ItemErrorCode.BodyIncomplete, int.MaxValue);
        var outcome = TestOutcome.Failed(long.MaxValue, ItemErrorCode.BodyIncomplete, httpStatus: 599) with
        {
            Error = ItemError.Of(ItemErrorCode.BodyIncomplete, new string('\u0001', ItemError.MaxMessageLength)),
            ContentType = new string('\u0001', 256),
            AttemptHistory = [.. Enumerable.Repeat(longest, 210)],
            Body = TestOutcome.Text(new string('x', 100_000)),
        };
        byte[] line = await ResultLines.WriteAsync(outcome, id: new string('\u0001', BatchItem.MaxIdLength));
        Assert.Equal(
            [new ResultLine(long.MaxValue, OutcomeStatus.Failed, 599, ItemErrorCode.BodyIncomplete, Attempts: 4, Bytes: 100_000)],
            await ResultLines.ReadAsync(line));
    }

    [Fact]
    public async Task Body_ThatLooksLikeAHead_IsNotTakenForOne()
    {
        byte[] line = await ResultLines.WriteAsync(TestOutcome.Succeeded(5, "\",\"index\":9,\"status\":\"failed\",\"code\":\"timeout\"}"));
        Assert.Equal(
            (5, OutcomeStatus.Succeeded, null),
            Assert.Single(await ResultLines.ReadAsync(line)) is var read ? (read.Index, read.Status, read.ErrorCode) : default);
    }

    [Fact]
    public async Task Line_WhoseLastAttemptHadNoResponse_HasNoStatusOfAnEarlierOne()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        byte[] line = await ResultLines.WriteAsync(TestOutcome.Failed(0, ItemErrorCode.Connect) with
        {
            DurationMs = 3,
            AttemptHistory = [new Attempt(at, 900, 503, ItemErrorCode.HttpStatus), new Attempt(at, 3, null, ItemErrorCode.Connect)],
        });
        Assert.Equal(
            [new ResultLine(0, OutcomeStatus.Failed, null, ItemErrorCode.Connect, Attempts: 4, DurationMs: 3)],
            await ResultLines.ReadAsync(line));
    }

    [Fact]
    public async Task Line_WhoseAttemptsHaveFieldsOfTheSameNames_HasItsOwn()
    {
        const string Same = "{\"index\":7,\"status\":\"failed\",\"attempts\":7,\"bytes\":7,\"code\":\"timeout\",\"body\":\"no\"}";
        var read = await ResultLines.ReadAsync(
            "{\"index\":1,\"status\":\"succeeded\",\"attempts\":2,\"durationMs\":3,"
                + "\"attemptHistory\":[" + Same + "," + Same + "],\"bytes\":1,\"body\":\"x\"}\n");
        Assert.Equal(
            [new ResultLine(1, OutcomeStatus.Succeeded, HttpStatus: null, ErrorCode: null, Attempts: 2, DurationMs: 3, Bytes: 1)],
            read);
    }

    [Fact]
    public async Task LastLine_WithoutItsLineFeed_IsRefused()
    {
        byte[] whole = await ResultLines.WriteAsync(TestOutcome.Succeeded(0, "a body"));
        for (int length = 1; length < whole.Length; length++)
        {
            var failure = await Assert.ThrowsAsync<InvalidDataException>(() => ResultLines.ReadAsync(whole[..length]));
            Assert.Equal($"The last result line breaks off after {length} bytes.", failure.Message);
        }
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("garbage\n")]
    [InlineData("{\"index\":0,\n")]
    [InlineData("{\"index\":0,\"status\":\"succeeded\"\n")]
    [InlineData("{}\n")]
    [InlineData("[]\n")]
    [InlineData("{\"status\":\"succeeded\"}\n")]
    [InlineData("{\"index\":0}\n")]
    [InlineData("{\"index\":\"0\",\"status\":\"succeeded\"}\n")]
    [InlineData("{\"index\":0.5,\"status\":\"succeeded\"}\n")]
    [InlineData("{\"index\":0,\"status\":\"fine\"}\n")]
    [InlineData("{\"index\":0,\"status\":0}\n")]
    [InlineData("{\"index\":0,\"status\":null}\n")]
    [InlineData("{\"index\":0,\"status\":\"failed\",\"error\":{\"code\":\"none\"}}\n")]
    public async Task Line_ThatIsNoResult_IsRefused(string line)
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => ResultLines.ReadAsync(line));
    }

    [Fact]
    public async Task Hashes_AfterTheLastLine_AreOfEveryByte()
    {
        byte[] bytes =
        [
            .. await ResultLines.WriteAsync(TestOutcome.Succeeded(0, new string('x', 200_000))),
            .. await ResultLines.WriteAsync(TestOutcome.Succeeded(1)),
        ];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var stream = new MemoryStream(bytes);
        var reader = new ResultReader(stream, [hash]);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is not null)
        {
        }

        Assert.Equal(TestOutcome.Sha256Of(bytes), Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public async Task ShardTally_OfAShardsLines_CountsEachKind()
    {
        byte[] bytes =
        [
            .. await ResultLines.WriteAsync(TestOutcome.Succeeded(0)),
            .. await ResultLines.WriteAsync(TestOutcome.Failed(1, ItemErrorCode.Timeout)),
            .. await ResultLines.WriteAsync(TestOutcome.Failed(2, ItemErrorCode.HttpStatus, httpStatus: 500)),
        ];
        using var batch = await TestBatch.Of(3, itemsPerShard: 3);
        await batch.ReplaceResultsAsync(0, System.Text.Encoding.UTF8.GetString(bytes));
        var counts = (await ShardTally.FindAsync(batch.Store, TestBatch.Id, run: 1, 0))!.Counts;
        Assert.Equal((1, 2), (counts.Succeeded, counts.Failed));
        Assert.Equal(new Dictionary<string, long> { ["http-status"] = 1, ["timeout"] = 1 }, counts.ByErrorCode);
        Assert.Equal(new Dictionary<string, long> { ["200"] = 1, ["500"] = 1 }, counts.ByHttpStatus);
    }
}
