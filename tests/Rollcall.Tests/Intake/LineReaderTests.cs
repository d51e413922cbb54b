using System.Text;
using CsCheck;
using Rollcall.Intake;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Intake;

public sealed class LineReaderTests
{
    const string TooLong = "(too long)";

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\nb", new[] { "a", "b" })]
    [InlineData("a\r\nb\r\n", new[] { "a", "b" })]
    [InlineData("a\rb\n", new[] { "a\rb" })]
    [InlineData("a\r\r\n", new[] { "a\r" })]
    [InlineData("\n\na\n\n", new[] { "", "", "a", "" })]
    [InlineData("a\r", new[] { "a" })]
    public async Task Lines_OfAText_AreSplitAtLineFeeds(string text, string[] expected)
    {
        Assert.Equal(expected, await ReadAsync(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public async Task ByteOrderMark_OnALaterLine_IsKept()
    {
        Assert.Equal(["a", "\uFEFFb"], await ReadAsync([.. "a\n"u8, 0xEF, 0xBB, 0xBF, .. "b\n"u8]));
    }

    [Theory]
    [InlineData("12345678\nb\n", new[] { "12345678", "b" })]
    [InlineData("123456789\nb\n", new[] { TooLong, "b" })]
    [InlineData("a\n123456789\nb\n", new[] { "a", TooLong, "b" })]
    [InlineData("a\n123456789", new[] { "a", TooLong })]
    [InlineData("123456789123456789123456789123456789\n\n123456789\nb", new[] { TooLong, "", TooLong, "b" })]
    public async Task Line_LongerThanTheLimit_IsReportedOnceInItsPlace(string text, string[] expected)
    {
        for (int most = 1; most <= text.Length; most++)
        {
            Assert.Equal(expected, await ReadAsync(Encoding.UTF8.GetBytes(text), maxLength: 8, most));
        }
    }

    [Fact]
    public async Task Line_LargerThanTheBuffer_ComesWhole()
    {
        string large = new('x', 1_000_000);
        Assert.Equal(["a", large, "b"], await ReadAsync(Encoding.UTF8.GetBytes($"a\n{large}\r\nb"), most: 100_000));
    }

    [Fact]
    public async Task Lines_CutAnywhereByTheReads_AreTheSame()
    {
        await Gen.Select(Gen.Char["ab\r\n"].Array[0, 60], Gen.Int[1, 20], Gen.Int[1, 20]).SampleAsync(
            async (characters, most, maxLength) =>
            {
                byte[] bytes = Encoding.UTF8.GetBytes(characters);
                Assert.Equal(await ReadAsync(bytes, maxLength), await ReadAsync(bytes, maxLength, most));
            },
            iter: 1000,
            threads: 1);
    }

    static async Task<List<string>> ReadAsync(byte[] bytes, int maxLength = 10_000_000, int most = int.MaxValue)
    {
        await using var stream = new TrickleStream(bytes, most);
        return await LineReader.ReadAsync(stream, maxLength, TestContext.Current.CancellationToken)
            .Select(line => line is null ? TooLong : Encoding.UTF8.GetString(line))
            .ToListAsync();
    }
}
