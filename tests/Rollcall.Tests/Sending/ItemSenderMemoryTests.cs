using System.IO.Compression;
using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

/// <summary>
/// What a response costs in memory is limited, however large it is or claims to be. Alone in the process, which is what is measured.
/// </summary>
[Collection(nameof(ItemSenderMemoryTests))]
[CollectionDefinition(nameof(ItemSenderMemoryTests), DisableParallelization = true)]
public sealed class ItemSenderMemoryTests : IDisposable
{
    const int Megabyte = 1024 * 1024;

    // All that is allocated while 64 MB of body arrive, by the target in the same process too.
    const long MostAllocated = 8 * Megabyte;

    readonly TestSender sender = new() { MaxBodyBytes = 64 * Megabyte };

    public void Dispose() => sender.Dispose();

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Bomb_OfCompressedZeros_IsTooLargeAndTakesNoMemory(string encoding)
    {
        byte[] bomb = Compress(encoding, 1024L * Megabyte);
        Assert.InRange(bomb.Length, 1, 2 * Megabyte);
        await using var target = Target.Start(Responses.With(200, bomb, $"Content-Encoding: {encoding}"));
        var (outcome, allocated) = await MeasureAsync(target);
        TestSender.AssertFailed(ItemErrorCode.BodyTooLarge, outcome);
        Assert.Equal(64 * Megabyte, outcome.Body!.Bytes);
        Assert.True(allocated < MostAllocated, $"A bomb of {bomb.Length} {encoding} bytes had {allocated} bytes allocated.");
    }

    [Fact]
    public async Task Body_WithoutAnEnd_IsTooLargeAndTakesNoMemory()
    {
        await using var target = Target.Start(Faults.NeverEnd(TestBytes.Text(64 * 1024)));
        var (outcome, allocated) = await MeasureAsync(target);
        TestSender.AssertFailed(ItemErrorCode.BodyTooLarge, outcome);
        Assert.Equal(64 * Megabyte, outcome.Body!.Bytes);
        Assert.True(allocated < MostAllocated, $"{allocated} bytes were allocated.");
    }

    async Task<(ItemOutcome Outcome, long Allocated)> MeasureAsync(Target target)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        var outcome = await sender.SendAsync(target.Url);
        return (outcome, GC.GetTotalAllocatedBytes(precise: true) - before);
    }

    static byte[] Compress(string encoding, long zeros)
    {
        using var compressed = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(compressed, CompressionLevel.Optimal),
            "br" => new BrotliStream(compressed, CompressionLevel.Fastest),
            _ => new ZLibStream(compressed, CompressionLevel.Optimal),
        })
        {
            byte[] piece = new byte[Megabyte];
            for (long written = 0; written < zeros; written += piece.Length)
            {
                stream.Write(piece);
            }
        }

        return compressed.ToArray();
    }
}
