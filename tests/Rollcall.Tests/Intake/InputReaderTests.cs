using System.IO.Compression;
using System.Text;
using CsCheck;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Intake;

/// <summary>What holds for inputs of every format.</summary>
public sealed class InputReaderTests
{
    static readonly Dictionary<InputFormat, string> Samples = new()
    {
        [InputFormat.Lines] = "{\"a\":1}\r\n\"é😀\"\n[3]",
        [InputFormat.Items] = "{\"id\":\"é\",\"body\":1}\n{\"body\":[2]}\n",
        [InputFormat.Requests] = "{\"method\":\"PUT\",\"url\":\"/é\",\"text\":\"é\"}\n{\"form\":{\"a\":1}}\n",
        [InputFormat.Json] = "[ {\"a\" : \"é😀\"},\n[1, 2],3.50 ]\n",
        [InputFormat.Csv] = "a,\"b\"\"x\"\r\n1,\"é,\r\n😀\"\r\n2,\"y\"\"\"\r\n",
        [InputFormat.Tsv] = "a\tb\n1\té\n2\t\"x\ty\"\n",
        [InputFormat.Urls] = "https://example.com/é\n/b\n",
    };

    public static TheoryData<InputFormat> Formats => [.. Enum.GetValues<InputFormat>()];

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Formats))]
    public void Items_HoweverTheStreamIsCut_AreTheSame(InputFormat format)
    {
        byte[] text = Encoding.UTF8.GetBytes(Samples[format]);
        var expected = Read(new MemoryStream(text), format);
        Assert.InRange(expected.Count, 2, 3);
        Gen.Int[1, 9].Array[1, 40].Sample(cuts => Read(new CutStream(text, cuts), format).SequenceEqual(expected), iter: 200);
        Gen.Int[1, 9].Array[1, 40].Sample(cuts => Read(new CutStream(Gzip(text), cuts), format).SequenceEqual(expected), iter: 50);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void ByteOrderMark_OfAnyFormat_IsNotPartOfTheFirstItem(InputFormat format)
    {
        byte[] text = Encoding.UTF8.GetBytes(Samples[format]);
        Assert.Equal(Read(new MemoryStream(text), format), Read(new CutStream([.. Encoding.UTF8.Preamble, .. text], [1]), format));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Gzip_ThatIsCutOrDamagedOrGoesOn_IsNeverASilentEnd(InputFormat format)
    {
        var options = new InputOptions { Format = format };
        byte[] packed = Gzip(Encoding.UTF8.GetBytes(Samples[format]));
        byte[] damaged = [.. packed];
        damaged[^6] ^= 1;
        byte[][] ends = [[7], [7, 8], [0, 0, 0, 0], [0x1F, 0x8B], [0x1F]];
        foreach (byte[] bytes in Enumerable.Range(2, packed.Length - 2).Select(length => packed[..length])
            .Append(damaged)
            .Concat(ends.Select(end => (byte[])[.. packed, .. end])))
        {
            var failure = await ReadInput.FailureAsync(bytes, options);
            Assert.StartsWith("The input is compressed with gzip, and ", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(
            Read(new MemoryStream(packed), InputFormat.Urls, "/a\n/b\n"),
            Read(new MemoryStream([.. Gzip("/a\n"u8.ToArray()), .. Gzip("/b\n"u8.ToArray())]), InputFormat.Urls));
    }

    [Fact]
    public async Task Rule_OfAnItem_ChangesItOrNamesItsLineWithAllOtherErrors()
    {
        static string? Rule(BatchItem read, out BatchItem made)
        {
            made = read with { Payload = new byte[] { (byte)'!' } };
            return read.Text().Contains("bad", StringComparison.Ordinal) ? "has no value for {{name}}" : null;
        }

        Assert.Equal(["!", "!"], (await ReadInput.ItemsAsync("1\n2\n", new InputOptions(), Rule)).Select(item => item.Text()));
        Assert.Equal(
            [
                "2: has no value for {{name}}",
                "3: is not JSON: 'x' is an invalid start of a value. (at byte 1)",
                "4: has no value for {{name}}",
            ],
            await ReadInput.ErrorsAsync("1\n\"bad\"\nx\n\"bad\"\n", new InputOptions(), Rule));
        Assert.Equal(
            [
                "3: has no value for {{name}}",
                "4: has 1 value, and the header has 2 columns: a value with a separator in it needs quotes around it.",
            ],
            await ReadInput.ErrorsAsync("a,b\n1,2\nbad,\nx\n", new InputOptions { Format = InputFormat.Csv }, Rule));
        Assert.Equal(
            ["2: has no value for {{name}}", "3: has no value for {{name}}"],
            await ReadInput.ErrorsAsync("[1,\n\"bad\",\n\"bad\"]", new InputOptions { Format = InputFormat.Json }, Rule));
    }

    [Theory]
    [InlineData(InputFormat.Lines, "1\n2\nwrong\n")]
    [InlineData(InputFormat.Json, "[1,2,wrong")]
    [InlineData(InputFormat.Csv, "a\n1\n2\n3,3\n\"")]
    [InlineData(InputFormat.Urls, "/1\n/2\nwrong wrong\n")]
    public async Task Limit_OfItems_EndsReadingThere(InputFormat format, string text)
    {
        var items = await ReadInput.ItemsAsync(text, new InputOptions { Format = format, Limit = 2 });
        Assert.Equal(["1", "2"], items.Select(item => (item.Head?.Url ?? item.Text()).Trim("/{\"a:}".ToCharArray())));
    }

    static List<string> Read(Stream stream, InputFormat format, string? text = null)
    {
        var source = new InputSource(text is null ? stream : new MemoryStream(Encoding.UTF8.GetBytes(text)));
        return [.. InputReader.ReadAsync(source, new InputOptions { Format = format }, rule: null, Cancelled)
            .Select(item => $"{item.Id}|{item.Head?.Method}|{item.Head?.Url}|{item.Text()}")
            .ToBlockingEnumerable(Cancelled)];
    }

    static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>Returns as many bytes per read as the cuts say, over and over.</summary>
    sealed class CutStream(byte[] bytes, int[] cuts) : MemoryStream(bytes)
    {
        int reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(cuts[reads++ % cuts.Length], buffer.Length)], cancellationToken);
    }
}
