using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Rollcall.Results;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Results;

public sealed class LineBodyTests
{
    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("\"body\":\"a\"", "\"body\":\"b\"")]
    [InlineData("\"body\":\"a\"", "\"body\":\"a \"")]
    [InlineData("\"body\":\"a\"", "\"body\":\"\"")]
    [InlineData("\"body\":\"a\"", "\"bodyBase64\":\"a\"")]
    [InlineData("\"body\":\"a\"", "\"body\":\"\\u12\"")]
    [InlineData("\"body\":\"a\"", "\"body\":\"\\ud800\"")]
    [InlineData("\"body\":\"a\"", "\"body\":\"a\",\"x\":1")]
    [InlineData("\"bytes\":1", "\"bytes\":2")]
    [InlineData("\"sha256\":\"c", "\"sha256\":\"d")]
    [InlineData(",\"body\":\"a\"", "")]
    public async Task Line_WhoseBodyIsNotTheOneItSays_IsRefused(string from, string to)
    {
        string line = Encoding.UTF8.GetString(await ResultLines.WriteAsync(TestOutcome.Succeeded(0, "a")));
        Assert.Contains(from, line, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidDataException>(
            () => ReadAsync(Encoding.UTF8.GetBytes(line.Replace(from, to, StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("\"body\":\"a\"", "\"body\":\"\\u0061\"")]
    [InlineData("\"body\":\"a\"", "\"bodyBase64\":\"YQ==\"")]
    public async Task Line_WhoseBodyIsWrittenAnotherWay_IsTheSame(string from, string to)
    {
        string line = Encoding.UTF8.GetString(await ResultLines.WriteAsync(TestOutcome.Succeeded(0, "a")));
        await ReadAsync(Encoding.UTF8.GetBytes(line.Replace(from, to, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Body_OfAHundredMegabytes_IsCheckedWithFlatMemory()
    {
        byte[] piece = Encoding.UTF8.GetBytes("a\\\"é\\u20ac\\ud83d\\ude00\\n");
        byte[] decoded = Encoding.UTF8.GetBytes("a\"é€😀\n");
        const int Pieces = 4_000_000;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < Pieces; i++)
        {
            hash.AppendData(decoded);
        }

        using var body = new LineBody();
        body.Begin(BodyKind.Text);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Pieces; i++)
        {
            body.Add(piece);
        }

        body.Add("\"}"u8);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.True(body.Is((long)Pieces * decoded.Length, Convert.ToHexStringLower(hash.GetHashAndReset())));
    }

    [Fact]
    public async Task Line_OfWhichAnyBitOfTheBodyWasChanged_IsRefusedOrHasTheSameBody()
    {
        var bodies = Gen.OneOf(
            Gen.OneOf(Gen.Char[' ', '~'], Gen.Char["\0\"\\\n\u2028\uFEFFé€"]).Array[1, 40].Select(
                text => TestOutcome.Text(new string(text))),
            Gen.Byte.Array[1, 60].Select(TestOutcome.Base64));
        await Gen.Select(bodies, Gen.Int[0, int.MaxValue]).SampleAsync(
            async (body, bit) =>
            {
                byte[] line = await ResultLines.WriteAsync(TestOutcome.Succeeded(0) with { Body = body });
                int start = line.AsSpan().IndexOf("\"body"u8);
                int at = start + ((bit / 8) % (line.Length - 1 - start));
                line[at] ^= (byte)(1 << (bit % 8));
                try
                {
                    await ReadAsync(line);
                }
                catch (InvalidDataException)
                {
                    return;
                }

                // Of an escape the case of a digit says nothing.
                var read = System.Text.Json.JsonElement.Parse(line);
                Assert.Equal(body.Sha256, TestOutcome.Sha256Of(ResultLines.BodyOf(read)));
            },
            iter: 2000,
            threads: 1);
    }

    static async Task ReadAsync(byte[] lines)
    {
        using var body = new LineBody();
        await using var stream = new MemoryStream(lines);
        var reader = new ResultReader(stream, [], body);
        while (await reader.ReadAsync(Cancelled) is not null)
        {
        }
    }
}
