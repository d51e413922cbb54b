using System.Text;
using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Tests.Building;
using Rollcall.Tests.Schemas;

namespace Rollcall.Tests.Results;

/// <summary>Values from bodies in result lines, and their totals in the receipt.</summary>
public sealed class ExtractionTests
{
    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"Hi \u00e4\n"}}]}""", "choices[0].message.content", "\"Hi ä\\n\"")]
    [InlineData("""{"a":null}""", "a", "null")]
    [InlineData("{}", "a.b[0]", "null")]
    [InlineData("""{"a":{"b":[1,true,"x",null,{}]}}""", "a", """{"b":[1,true,"x",null,{}]}""")]
    [InlineData("""{"id":18446744073709551615}""", "id", "18446744073709551615")]
    [InlineData("""{"id":-123456789012345678901234567890}""", "id", "-123456789012345678901234567890")]
    [InlineData("""{"v":0.1}""", "v", "0.1")]
    [InlineData("""{"v":[3,1,2]}""", "sort(v)", "[1,2,3]")]
    [InlineData("\"text\"", "@", "\"text\"")]
    public async Task Value_OfAnExpression_IsInTheLine(string body, string expression, string expected)
    {
        var line = await LineOfAsync(TestOutcome.Succeeded(0, body), new ExtractedField("v", expression));
        Assert.Equal(expected, line.GetProperty("extracted").GetProperty("v").GetRawText());
        Assert.False(line.TryGetProperty("notExtracted", out _));
        Assert.Equal(body, line.GetProperty("body").GetString());
    }

    [Theory]
    [InlineData("not json", "a", "not-json")]
    [InlineData("", "a", "not-json")]
    [InlineData("""{"a":1}""", "length(a)", "not-evaluated")]
    [InlineData("""{"a":"\ud800"}""", "a", "not-evaluated")]
    [InlineData("""{"a":1e999}""", "a", "not-evaluated")]
    public async Task Value_ThatCannotBeTaken_IsNullWithItsReasonAndNoFailure(string body, string expression, string reason)
    {
        var line = await LineOfAsync(TestOutcome.Succeeded(0, body), new ExtractedField("v", expression));
        Assert.Equal(JsonValueKind.Null, line.GetProperty("extracted").GetProperty("v").ValueKind);
        Assert.Equal(reason, line.GetProperty("notExtracted").GetProperty("v").GetString());
        Assert.Equal("succeeded", line.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Json_OfTooManyLevels_IsSaidToBe()
    {
        string body = new string('[', 300) + new string(']', 300);
        var line = await LineOfAsync(TestOutcome.Succeeded(0, body), new ExtractedField("v", "@"));
        Assert.Equal("too-deep", line.GetProperty("notExtracted").GetProperty("v").GetString());
    }

    [Fact]
    public async Task Values_Over64KiBTogether_AreLeftOutAndSaidToBe()
    {
        using var batch = await TestBatch.Of(1, record: Record(new("a", "a"), new("b", "b"), new("c", "c"), new("all", "@")));
        byte[] bytes = Encoding.UTF8.GetBytes($$"""{"a":"{{new string('a', 40_000)}}","b":"{{new string('b', 40_000)}}","c":7}""");
        await batch.WriteShardAsync(0, [TestOutcome.Succeeded(0) with { Body = await batch.StoreBodyAsync(0, bytes, isText: true) }]);
        var line = Assert.Single(await batch.ResultsAsync());
        Assert.Equal(["a", "b", "c", "all"], line.GetProperty("extracted").EnumerateObject().Select(p => p.Name));
        Assert.Equal(40_000, line.GetProperty("extracted").GetProperty("a").GetString()!.Length);
        Assert.Equal(7, line.GetProperty("extracted").GetProperty("c").GetInt32());
        Assert.Equal("""{"b":"too-large","all":"too-large"}""", line.GetProperty("notExtracted").GetRawText());
        Assert.Equal(bytes, ResultLines.BodyOf(line));
        await batch.SealAsync();
        Assert.Null(await VerifyAsync(batch));
    }

    [Fact]
    public async Task Body_ThatIsNotWhole_HasNoValues()
    {
        var cut = TestOutcome.Failed(0, ItemErrorCode.BodyIncomplete, 200) with { Body = TestOutcome.Text("12") with { IsCut = true } };
        var line = await LineOfAsync(cut, new ExtractedField("v", "@"));
        Assert.False(line.TryGetProperty("extracted", out _));
    }

    [Fact]
    public async Task Value_OfAFailedItem_IsTakenToo()
    {
        var failed = TestOutcome.Failed(0, ItemErrorCode.HttpStatus, 400) with { Body = TestOutcome.Text("""{"error":"bad"}""") };
        var line = await LineOfAsync(failed, new ExtractedField("error", "error"));
        Assert.Equal("bad", line.GetProperty("extracted").GetProperty("error").GetString());
    }

    [Fact]
    public async Task Totals_OverShards_AreExactAndProvenByVerify()
    {
        using var batch = await TestBatch.Of(5, record: Record(new("tokens", "usage.total"), new("text", "text"), new("cost", "cost")));
        string[] bodies =
        [
            """{"usage":{"total":9007199254740993},"cost":0.1,"text":"a"}""",
            """{"usage":{"total":1},"cost":0.2}""",
            """{"usage":{"total":"7"}}""",
            "no json",
            """{"usage":{"total":-4}}""",
        ];
        for (int shard = 0; shard < 3; shard++)
        {
            await batch.WriteShardAsync(
                shard, [.. bodies.Skip(shard * 2).Take(2).Select((body, i) => TestOutcome.Succeeded((shard * 2) + i, body))]);
        }

        await batch.SealAsync();
        var receipt = await batch.ReceiptAsync();
        Assert.Equal(
            new Dictionary<string, ExtractedTotal> { ["cost"] = new(2, 0.3m), ["tokens"] = new(3, 9007199254740990m) }, receipt.Totals);
        Assert.Null(await VerifyAsync(batch));
        receipt.Totals!["cost"] = new(2, 0.4m);
        Assert.Equal(
            "The receipt's totals of what was extracted are not those of the lines: the receipt was changed.",
            await VerifyAsync(batch, receipt));
    }

    [Theory]
    [InlineData("79228162514264337593543950335", "1")]
    [InlineData("1e29", "1")]
    public async Task Total_ThatIsTooLarge_HasNoSum(string first, string second)
    {
        using var batch = await TestBatch.Of(2, record: Record(new ExtractedField("n", "@")));
        await batch.WriteShardAsync(0, [TestOutcome.Succeeded(0, first), TestOutcome.Succeeded(1, second)]);
        await batch.SealAsync();
        Assert.Equal(new ExtractedTotal(2, Sum: null), Assert.Single((await batch.ReceiptAsync()).Totals!).Value);
        Assert.Null(await VerifyAsync(batch));
    }

    [Fact]
    public async Task Table_HasAColumnForEachNameAndHeader()
    {
        var record = Record(new("text", "text"), new("n", "n"), new("list", "list")) with { KeepHeaders = ["x-id", "link"] };
        using var batch = await TestBatch.Of(2, record: record);
        string text = "=" + new string('x', 40_000);
        byte[] body = Encoding.UTF8.GetBytes($$"""{"text":"{{text}}","n":7,"list":[1, 2]}""");
        await batch.WriteShardAsync(
            0,
            [
                TestOutcome.Succeeded(0) with
                {
                    Body = await batch.StoreBodyAsync(0, body, isText: true),
                    Headers = new Dictionary<string, string?> { ["x-id"] = "a,b", ["link"] = null },
                },
                TestOutcome.Failed(1, ItemErrorCode.Dns),
            ]);
        using var bytes = new MemoryStream();
        await using (var table = new CsvResultStream(bytes, record))
        {
            await table.WriteAsync(await batch.ResultsOfAsync(0), Cancelled);
        }

        var rows = CsvRows.Parse(Encoding.UTF8.GetString(bytes.ToArray()));
        Assert.Equal(["text", "n", "list", "header.x-id", "header.link"], rows[0][14..]);
        Assert.Equal(["7", "[1,2]", "a,b", ""], rows[1][15..]);
        Assert.Equal($"'{text[..32_765]}…", rows[1][14]);
        Assert.Equal(["", "", "", "", ""], rows[2][14..]);
    }

    static RecordOptions Record(params ExtractedField[] fields) => new() { Extract = fields };

    static async Task<JsonElement> LineOfAsync(ItemOutcome outcome, params ExtractedField[] fields)
    {
        using var batch = await TestBatch.Of(1, record: Record(fields));
        await batch.WriteShardAsync(0, [outcome]);
        var line = Assert.Single(await batch.ResultsAsync());
        PublishedSchema.ResultLine.Require(line);
        return line;
    }

    static async Task<string?> VerifyAsync(TestBatch batch, Receipt? receipt = null)
    {
        using var results = new MemoryStream();
        for (int shard = 0; shard < batch.Manifest.ShardCount(); shard++)
        {
            await results.WriteAsync(await batch.ResultsOfAsync(shard), Cancelled);
        }

        results.Position = 0;
        return await new ResultsVerifier(receipt ?? await batch.ReceiptAsync()).FindFaultAsync(results, Cancelled);
    }
}
