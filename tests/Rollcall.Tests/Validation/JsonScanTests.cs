using System.Text;
using System.Text.Json;
using CsCheck;
using Rollcall.Validation;

namespace Rollcall.Tests.Validation;

public sealed class JsonScanTests
{
    static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"a\":", "\\", "\\u00e4", "\\n", "\\x", "0", "1", "-", ".", "e", "E+", "12",
        "-0.5e-3", "true", "null", "fals", "false", " ", "\n", "\t", "\r", "ä", "\u0001", "[]", "{}", "[1,2]", "{\"a\":[true]}", "/", "'",
    ];

    [Theory]
    [InlineData("{\"a\":[1,-0.5e+3,\"x\\u00e4\\\"\",true,false,null,{}]} \r\n")]
    [InlineData(" 7")]
    [InlineData("0.1E2\n")]
    [InlineData("\"ä😀\"")]
    public void Value_InPiecesOfAnySize_IsWhole(string json) =>
        Assert.All(Enumerable.Range(1, 8), size => Assert.True(IsJson(json, size), $"In pieces of {size} bytes it is not JSON."));

    [Fact]
    public void Text_IsJsonIfAReaderSaysSo() =>
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 9].Select(parts => string.Concat(parts)).Sample(
            text => Assert.True(IsJson(text, 3) == IsJsonToAReader(text), $"'{text}' is {(IsJsonToAReader(text) ? "" : "not ")}JSON."),
            iter: 20_000,
            threads: 1);

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Value_OfManyLevels_IsTakenUpTo256(int levels, bool isTaken) =>
        Assert.Equal(isTaken, IsJson(new string('[', levels) + new string(']', levels), 1000));

    [Theory]
    [InlineData("[1] }", 4)]
    [InlineData("12,\"input\":1", 2)]
    [InlineData("\"a\"}", 3)]
    public void Value_FollowedBySomethingElse_EndsBeforeIt(string text, int length)
    {
        var scan = new JsonScan();
        Assert.Equal((length, true), (scan.Take(Encoding.UTF8.GetBytes(text)), scan.IsWhole));
    }

    static bool IsJson(string text, int size)
    {
        var scan = new JsonScan();
        return Encoding.UTF8.GetBytes(text).Chunk(size).All(piece => scan.Take(piece) == piece.Length) && scan.IsWhole;
    }

    static bool IsJsonToAReader(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 1000 });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
