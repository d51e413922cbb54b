using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsCheck;
using Rollcall.Results;

namespace Rollcall.Tests.Results;

public sealed class JsonTextTests
{
    static readonly string[] Pieces = ["a", "ä", "€", "😀", "\"", "\\", "\n", "\u0001", "\\u0041"];

    static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("abc\"}", 9, 3, true)]
    [InlineData("abc\"}", 3, 3, true)]
    [InlineData("abc\"}", 2, 2, false)]
    [InlineData("abc", 3, 3, false)]
    [InlineData("a\\\"c\"", 9, 4, true)]
    [InlineData("a\\", 9, 1, false)]
    [InlineData("a\\u00e", 9, 1, false)]
    [InlineData("a\\u00e4", 9, 7, false)]
    [InlineData("a\\ud83d\\ude0", 9, 1, false)]
    [InlineData("a\\uD83D\\uDE00", 9, 13, false)]
    [InlineData("a\\ud83d\\ude00\"", 2, 1, false)]
    [InlineData("\\ud83d\\ude00\"", 2, 12, true)]
    [InlineData("a😀\"", 2, 1, false)]
    [InlineData("😀\"", 2, 4, true)]
    [InlineData("\"", 0, 0, true)]
    [InlineData("a", 0, 0, false)]
    public void Text_OfAString_EndsAtASafePlace(string text, int maxLength, int expected, bool isExpectedWhole)
    {
        Assert.Equal(expected, JsonText.Measure(Encoding.UTF8.GetBytes(text), maxLength, out bool isWhole));
        Assert.Equal(isExpectedWhole, isWhole);
    }

    [Fact]
    public void Text_CutAtAnyByteAndAnyLength_IsTheLongestBeginningOfTheString()
    {
        Gen.Select(
            Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).List[0, 12].Select(string.Concat),
            Gen.Int[0, 80],
            Gen.Int[0, 20],
            Gen.Bool).Sample(
            (text, cut, maxLength, isEscaped) =>
            {
                byte[] json = JsonSerializer.SerializeToUtf8Bytes(text, isEscaped ? JsonSerializerOptions.Default : Relaxed)[1..];
                byte[] there = json[..Math.Min(cut, json.Length)];

                int length = JsonText.Measure(there, maxLength, out bool isWhole);

                string taken = JsonSerializer.Deserialize<string>((byte[])[(byte)'"', .. there[..length], (byte)'"'])!;
                Assert.StartsWith(taken, text, StringComparison.Ordinal);
                Assert.True(taken.Length <= maxLength, "It is too long.");
                Assert.Equal(there.Length == json.Length && text.Length <= maxLength, isWhole);
                if (there.Length == json.Length)
                {
                    Assert.True(taken.Length == text.Length || taken.Length >= maxLength - 1, "It is shorter than it must be.");
                }
            },
            iter: 5000,
            threads: 1);
    }
}
