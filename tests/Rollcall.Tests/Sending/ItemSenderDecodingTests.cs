using System.IO.Compression;
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
            await using var target = Target.Start(Answers.With(200, Compress(encoding, body), $"Content-Encoding: {encoding}"));
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
        await using var target = Target.Start(Answers.With(200, NotCompressed, $"Content-Encoding: {encoding}"));
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
        byte[] compressed = Compress(encoding, Large);
        for (int i = compressed.Length / 2; i < compressed.Length; i++)
        {
            compressed[i] = 0xFF;
        }

        await using var target = Target.Start(Answers.With(200, compressed, $"Content-Encoding: {encoding}"));
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
        byte[] compressed = Compress(encoding, TestBytes.Random(100));
        for (int length = 1; length < compressed.Length; length++)
        {
            await using var target = Target.Start(Answers.With(200, compressed.AsMemory(0, length), $"Content-Encoding: {encoding}"));
            var outcome = await sender.SendAsync(target.Url);
            Assert.True(
                outcome.Error?.Code == ItemErrorCode.Decode,
                $"{length} of {compressed.Length} {encoding} bytes gave {outcome.Status} with {outcome.Body?.Bytes} of 100 bytes; its error is {outcome.Error}.");
        }
    }

    [Fact]
    public async Task Body_OfAnEncodingThatWasNotAskedFor_IsRecordedAsItCame()
    {
        await using var target = Target.Start(Answers.With(200, Large, "Content-Encoding: zstd"));
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        await sender.AssertBodyAsync(Large, outcome);
    }

    [Fact]
    public async Task CompressedBody_WhoseConnectionEnds_IsIncomplete()
    {
        byte[] compressed = Compress("gzip", Large);
        await using var target = Target.Start(Faults.BreakOff(compressed.AsMemory(0, 50_000), compressed.Length, "Content-Encoding: gzip"));
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, await sender.SendAsync(target.Url));
    }

    [Fact]
    public async Task CompressedBody_ThatGrowsAboveTheLargestSize_IsTooLarge()
    {
        await using var target = Target.Start(Answers.With(200, Compress("gzip", new byte[10_000_000]), "Content-Encoding: gzip"));
        sender.MaxBodyBytes = 50_000;
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.BodyTooLarge, outcome);
        await sender.AssertBodyAsync(new byte[50_000], outcome);
    }

    static byte[] Compress(string encoding, byte[] body)
    {
        using var compressed = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(compressed, CompressionLevel.Optimal),
            "br" => new BrotliStream(compressed, CompressionLevel.Optimal),
            _ => new ZLibStream(compressed, CompressionLevel.Optimal),
        })
        {
            stream.Write(body);
        }

        return compressed.ToArray();
    }
}
