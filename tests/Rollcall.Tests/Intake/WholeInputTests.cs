using System.IO.Compression;
using System.Text;
using Rollcall.Intake;

namespace Rollcall.Tests.Intake;

/// <summary>Inputs that are wrong as a whole: one error says so, in place of one for each line.</summary>
public sealed class WholeInputTests
{
    const string Lines = "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n";

    public static TheoryData<string, byte[], string> Files => new()
    {
        {
            "UTF-16 with a mark",
            [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Lines)],
            "is UTF-16 text: UTF-8 is needed. Convert it, such as with: iconv -f UTF-16 -t UTF-8 FILE"
        },
        {
            "UTF-16BE with a mark",
            [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(Lines)],
            "is UTF-16 text: "
        },
        { "UTF-16LE", Encoding.Unicode.GetBytes(Lines), "iconv -f UTF-16LE -t UTF-8 FILE" },
        { "UTF-16BE", Encoding.BigEndianUnicode.GetBytes(Lines), "iconv -f UTF-16BE -t UTF-8 FILE" },
        { "UTF-16LE of other letters", Encoding.Unicode.GetBytes("\"中文\"\n"), "iconv -f UTF-16LE -t UTF-8 FILE" },
        { "UTF-32 with a mark", [.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes(Lines)], "iconv -f UTF-32 -t UTF-8 FILE" },
        { "UTF-32LE", Encoding.UTF32.GetBytes(Lines), "iconv -f UTF-32LE -t UTF-8 FILE" },
        { "UTF-32BE", new UTF32Encoding(bigEndian: true, byteOrderMark: false).GetBytes(Lines), "iconv -f UTF-32BE -t UTF-8 FILE" },
        { "gzip of gzip", Gzip(Gzip(Encoding.UTF8.GetBytes(Lines))), "is compressed with gzip twice. Unpack it once, such as with: " },
        { "zstd", [0x28, 0xB5, 0x2F, 0xFD, 0x0A, 1, 2, 0x0A], "zstd -dc FILE" },
        { "xz", [0xFD, .. "7zXZ\0\n\n"u8], "xz -dc FILE" },
        { "zip", [.. "PK\u0003\u0004\n\0\0\0"u8, .. "[Content_Types].xml"u8], "is a zip file, as those of Excel (.xlsx)" },
        { "PDF", [.. "%PDF-1.7\n%\n1 0 obj\n"u8], "is a PDF file: " },
        { "Parquet", [.. "PAR1\u0015\0\u0015\n"u8], "is a Parquet file: " },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task File_OfAnotherKind_IsOneErrorThatSaysWhatItIsAndWhatToDo(string kind, byte[] bytes, string expected)
    {
        Assert.NotEmpty(kind);
        foreach (var format in Enum.GetValues<InputFormat>())
        {
            var failure = await ReadLines.FailureAsync(bytes, format);
            Assert.StartsWith("The input is ", failure.Message, StringComparison.Ordinal);
            Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
            Assert.Equal(1, failure.Count);
            Assert.Null(Assert.Single(failure.Errors).Line);
        }
    }

    [Theory]
    [InlineData("1")]
    [InlineData("12\n")]
    [InlineData("\"é\"\n")]
    [InlineData("\ufeff{}\n")]
    public async Task Text_HoweverShort_IsRead(string text) => Assert.Single(await ReadLines.ItemsAsync(text));

    [Theory]
    [InlineData("[{\"a\":1},{\"a\":2}]")]
    [InlineData(" [1,2,3]\n\n")]
    [InlineData("[]\n")]
    public async Task Array_OnTheOnlyLine_IsRefusedWithWhatToDo(string text)
    {
        var failure = await ReadLines.FailureAsync(text);
        Assert.Equal(
            "The input is one JSON array, and each line must be one payload. Its elements are read with --input json (input=json). To send "
            + "the array itself as one payload, make it the body of an item, {\"body\":[…]}, and have the lines be items (--input items, "
            + "input=items).",
            failure.Message);
    }

    [Fact]
    public async Task Arrays_OnSeveralLines_ArePayloads() =>
        Assert.Equal(
            ["[1]", "[2,3]"],
            (await ReadLines.ItemsAsync("[1]\n[2,3]\n")).Select(item => Encoding.UTF8.GetString(item.Payload.Span)));

    [Fact]
    public async Task Array_AsTheBodyOfTheOnlyItem_IsAPayload() =>
        Assert.Equal(
            "[1,2]",
            Encoding.UTF8.GetString(Assert.Single(await ReadLines.ItemsAsync("{\"body\":[1,2]}\n", InputFormat.Items)).Payload.Span));

    [Theory]
    [InlineData("[\n  {\"a\": 1},\n  {\"a\": \"x]\"}\n]\n", "is one JSON array over several lines")]
    [InlineData("[\r\n\r\n1,\r\n2\r\n]", "is one JSON array over several lines")]
    [InlineData("{\n  \"a\": 1\n}\n", "is JSON that goes over several lines")]
    [InlineData("{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n", "This writes each value on one line: jq -c . FILE")]
    public async Task Json_OverSeveralLines_IsOneError(string text, string expected)
    {
        foreach (var format in new[] { InputFormat.Lines, InputFormat.Items, InputFormat.Requests })
        {
            var failure = await ReadLines.FailureAsync(text, format);
            Assert.Equal(1, failure.Count);
            Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[\n1\n", 1)]
    [InlineData("{\"a\":1\n{\"a\":2}\n{\"a\":3}\n", 1)]
    [InlineData("[1,\n2]]\n", 2)]
    [InlineData("{\"a\":\"x\ny\"}\n", 2)]
    public async Task Lines_ThatAreNoJsonTogetherEither_AreNamed(string text, int wrong)
    {
        var failure = await ReadLines.FailureAsync(text);
        Assert.Equal(wrong, failure.Count);
        Assert.All(failure.Errors, error => Assert.NotNull(error.Line));
    }

    static byte[] Gzip(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return output.ToArray();
    }
}
