using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderDecodingTests : IDisposable
{
    static readonly byte[] Small = TestBytes.Text(1000);
    static readonly byte[] NotCompressed = [0xFF, 0xFF, .. "this is not compressed"u8];
    static readonly byte[] Large = [.. Enumerable.Range(0, 50).SelectMany(i => TestBytes.Random(2000 + i))];

    // Made before a test compresses anything, because the runtime reads its switches then.
    readonly TestSender sender = new();

    public void Dispose() => sender.Dispose();

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Body_ThatIsCompressed_IsDecoded(string encoding)
    {
        foreach (byte[] body in new[] { Small, Large, [] })
        {
            await using var target = Target.Start(Responses.With(200, TestCoding.Encode(encoding, body), $"Content-Encoding: {encoding}"));
            var outcome = await sender.SendAsync(target.Url);
            TestSender.AssertSucceeded(outcome);
            await sender.AssertBodyAsync(body, outcome);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Body_ThatIsNotWhatItsEncodingSays_IsADecodeFailure(string encoding)
    {
        await using var target = Target.Start(Responses.With(200, NotCompressed, $"Content-Encoding: {encoding}"));
        sender.MaxAttempts = 3;
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Decode, outcome);
        Assert.DoesNotContain("archive", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(1, outcome.Attempts);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Body_DamagedInTheMiddle_IsADecodeFailureWithItsStartKept(string encoding)
    {
        byte[] compressed = TestCoding.Encode(encoding, Large);
        for (int i = compressed.Length / 2; i < compressed.Length; i++)
        {
            compressed[i] = 0xFF;
        }

        await using var target = Target.Start(Responses.With(200, compressed, $"Content-Encoding: {encoding}"));
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Decode, outcome);
        Assert.Equal(200, outcome.HttpStatus);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Body_WhoseCompressedBytesStopEarly_IsNeverASuccess(string encoding)
    {
        byte[] compressed = TestCoding.Encode(encoding, TestBytes.Random(100));
        for (int length = 1; length < compressed.Length; length++)
        {
            await using var target = Target.Start(Responses.With(200, compressed.AsMemory(0, length), $"Content-Encoding: {encoding}"));
            var outcome = await sender.SendAsync(target.Url);
            Assert.True(
                outcome.Error?.Code == ItemErrorCode.Decode,
                $"{length} of {compressed.Length} {encoding} bytes gave {outcome.Status} with {outcome.Body?.Bytes} of 100 bytes; its "
                + $"error is {outcome.Error}.");
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("raw")]
    public async Task Body_OfAnyLength_IsDecoded(string encoding)
    {
        // Also the lengths about which the decoders' buffers begin anew.
        foreach (int length in Enumerable.Range(0, 30).Concat(Enumerable.Range(8150, 50)))
        {
            byte[] body = TestBytes.Random(length);
            byte[] coded = TestCoding.Encode(encoding, body);
            await using var target = Target.Start(Responses.With(200, coded, $"Content-Encoding: {HeaderOf(encoding)}"));
            var outcome = await sender.SendAsync(target.Url);
            TestSender.AssertSucceeded(outcome);
            await sender.AssertBodyAsync(body, outcome);
        }
    }

    [Theory]
    [InlineData("gzip", 1)]
    [InlineData("br", 1)]
    [InlineData("deflate", 1)]
    [InlineData("raw", 1)]
    [InlineData("gzip", 20_000)]
    [InlineData("br", 20_000)]
    [InlineData("deflate", 20_000)]
    [InlineData("raw", 20_000)]
    public async Task Body_WithBytesBehindItsCompressedEnd_IsADecodeFailureWithTheBodyKept(string encoding, int more)
    {
        foreach (byte[] body in new[] { Small, Large })
        {
            byte[] coded = [.. TestCoding.Encode(encoding, body), .. Enumerable.Repeat((byte)0, more)];
            await using var target = Target.Start(Responses.With(200, coded, $"Content-Encoding: {HeaderOf(encoding)}"));
            var outcome = await sender.SendAsync(target.Url);
            TestSender.AssertFailed(ItemErrorCode.Decode, outcome);
            await sender.AssertBodyAsync(body, outcome);
        }
    }

    [Fact]
    public async Task Body_OfSeveralGzipMembers_IsDecodedToTheLast()
    {
        // A member may end where a buffer does.
        foreach (int length in Enumerable.Range(8100, 100))
        {
            byte[] first = TestBytes.Random(length);
            byte[] coded = [.. TestCoding.Encode("gzip", first), .. TestCoding.Encode("gzip", Small), .. TestCoding.Encode("gzip", [])];
            await using var target = Target.Start(Responses.With(200, coded, "Content-Encoding: gzip"));
            var outcome = await sender.SendAsync(target.Url);
            TestSender.AssertSucceeded(outcome);
            await sender.AssertBodyAsync([.. first, .. Small], outcome);
        }
    }

    [Theory]
    [InlineData("gzip, gzip")]
    [InlineData("deflate, br")]
    [InlineData("br,GZIP")]
    [InlineData("x-gzip")]
    [InlineData("X-GZip")]
    [InlineData("identity")]
    [InlineData("identity, gzip, identity")]
    [InlineData(" , gzip,, ")]
    [InlineData("")]
    [InlineData("gzip, deflate, br, gzip, br")]
    public async Task Body_WithSeveralCodings_IsDecodedFromTheLastOn(string codings)
    {
        byte[] coded = codings.Split(',', StringSplitOptions.TrimEntries)
            .Aggregate(Large, (body, coding) => TestCoding.Encode(coding, body));
        await using var target = Target.Start(Responses.With(200, coded, $"Content-Encoding: {codings}"));
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        await sender.AssertBodyAsync(Large, outcome);
        Assert.Null(outcome.ContentEncoding);
    }

    [Fact]
    public async Task Body_WithItsCodingsOnSeveralLines_IsDecoded()
    {
        byte[] coded = TestCoding.Encode("br", TestCoding.Encode("gzip", Small));
        await using var target = Target.Start(Responses.With(200, coded, "Content-Encoding: gzip", "Content-Encoding: br"));
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        await sender.AssertBodyAsync(Small, outcome);
    }

    [Theory]
    [InlineData("zstd", "zstd")]
    [InlineData("compress", "compress")]
    [InlineData("aws-chunked", "aws-chunked")]
    [InlineData("zstd, gzip", "zstd")]
    [InlineData("gzip, zstd", "gzip, zstd")]
    [InlineData("gzip, gzip, gzip, gzip, gzip, gzip, gzip", "gzip, gzip")]
    public async Task Body_OfACodingThatIsNotKnown_IsDecodedUpToItAndSaysWhatIsLeft(string codings, string left)
    {
        byte[] coded = codings.Split(", ").Aggregate(Small, (body, coding) => TestCoding.Encode(coding, body));
        byte[] expected = left.Split(", ").Aggregate(Small, (body, coding) => TestCoding.Encode(coding, body));
        await using var target = Target.Start(Responses.With(200, coded, $"Content-Encoding: {codings}"));
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        await sender.AssertBodyAsync(expected, outcome);
        Assert.Equal(left, outcome.ContentEncoding);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("deflate", "deflate")]
    [InlineData("gzip, br", "gzip, br")]
    public async Task Body_OfWhichNothingCanBeDecoded_IsKeptAsItCame(string codings, string left)
    {
        await using var target = Target.Start(Responses.With(200, NotCompressed, $"Content-Encoding: {codings}"));
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Decode, outcome);
        Assert.Equal(left, outcome.ContentEncoding);
        await sender.AssertBodyAsync(NotCompressed, outcome);
    }

    [Fact]
    public async Task Body_WithoutBytes_IsEmptyWhateverItsCoding()
    {
        await using var target = Target.Start(Responses.With(200, "", "Content-Encoding: gzip"));
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        Assert.Equal("", outcome.Body?.Text);
    }

    [Fact]
    public async Task CompressedBody_WhoseConnectionEnds_IsIncomplete()
    {
        byte[] compressed = TestCoding.Encode("gzip", Large);
        await using var target = Target.Start(Faults.BreakOff(compressed.AsMemory(0, 50_000), compressed.Length, "Content-Encoding: gzip"));
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, await sender.SendAsync(target.Url));
    }

    [Fact]
    public async Task CompressedBody_ThatGrowsAboveTheLargestSize_IsTooLarge()
    {
        byte[] coded = TestCoding.Encode("gzip", new byte[10_000_000]);
        await using var target = Target.Start(Responses.With(200, coded, "Content-Encoding: gzip"));
        sender.MaxBodyBytes = 50_000;
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.BodyTooLarge, outcome);
        await sender.AssertBodyAsync(new byte[50_000], outcome);
    }

    static string HeaderOf(string encoding) => encoding == "raw" ? "deflate" : encoding;
}
