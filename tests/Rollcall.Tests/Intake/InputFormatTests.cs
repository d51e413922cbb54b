using System.Text;
using Rollcall.Intake;

namespace Rollcall.Tests.Intake;

/// <summary>A format is found by a file's name and its first bytes.</summary>
public sealed class InputFormatTests
{
    [Theory]
    [InlineData("a.jsonl", "{\"a\":1}\n", InputFormat.Lines)]
    [InlineData("a.ndjson", "{\"id\":\"a\",\"body\":1}\n", InputFormat.Lines)]
    [InlineData("a.jsonl", "{\"method\":\"PUT\",\"body\":1,\"url\":\"/\"}\n", InputFormat.Requests)]
    [InlineData("a.ndjson", "\n {\"body\":{\"x\":1},\"url\":\"/\",\"method\":\"PUT\"}", InputFormat.Requests)]
    [InlineData("a.jsonl", "{\"x\":{\"method\":\"PUT\",\"url\":\"/\"}}\n", InputFormat.Lines)]
    [InlineData("a.jsonl", "{\"method\":\"PUT\"}\n{\"url\":\"/\"}\n", InputFormat.Lines)]
    [InlineData("a.jsonl", "", InputFormat.Lines)]
    [InlineData("A.JSON", " \n[1]", InputFormat.Json)]
    [InlineData("a.json", "{\"a\":1}\n", InputFormat.Lines)]
    [InlineData("dir.txt/a.csv", "a,b\n", InputFormat.Csv)]
    [InlineData("a.tsv", "a\tb\n", InputFormat.Tsv)]
    [InlineData("a.txt", "https://example.com/\n", InputFormat.Urls)]
    [InlineData("a.txt", "{\"a\":1}\n", InputFormat.Lines)]
    [InlineData("a.csv.gz", "a,b\n", InputFormat.Csv)]
    [InlineData("a.gz", "a,b\n", InputFormat.Lines)]
    [InlineData("a.dat", "a,b\n", InputFormat.Lines)]
    [InlineData("csv", "a,b\n", InputFormat.Lines)]
    [InlineData(null, "a,b\n", InputFormat.Lines)]
    public async Task Format_OfAFile_IsFound(string? name, string text, InputFormat expected)
    {
        var source = ReadInput.Source(Encoding.UTF8.GetBytes(text), most: 3) with { Name = name };
        Assert.Equal(expected, await InputReader.FindFormatAsync(source, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Format_OfALongFirstRequest_IsFoundInItsFirstBytes()
    {
        string text = $$"""{"method":"POST","url":"/","text":"{{new string('x', 1_000_000)}}"}""";
        var source = ReadInput.Source(Encoding.UTF8.GetBytes(text)) with { Name = "a.jsonl" };
        Assert.Equal(InputFormat.Requests, await InputReader.FindFormatAsync(source, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(InputFormat.Lines)]
    [InlineData(InputFormat.Json)]
    public async Task CsvTypes_OfAnotherFormat_AreRefused(InputFormat format) =>
        Assert.EndsWith(
            ", which has no columns: --csv-types (csvTypes) is for csv and tsv.",
            (await ReadInput.FailureAsync("[1]", new InputOptions { Format = format, CsvTypes = CsvTypes.String })).Message,
            StringComparison.Ordinal);
}
