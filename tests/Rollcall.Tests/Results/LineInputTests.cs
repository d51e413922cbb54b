using System.Text;
using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Tests.Building;
using Rollcall.Tests.Schemas;

namespace Rollcall.Tests.Results;

/// <summary>The input of items in their lines.</summary>
public sealed class LineInputTests
{
    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Inputs { get; } = new()
    {
        { """{ "a":1.0,"a":2 }""", """{ "a":1.0,"a":2 }""" },
        { "[1,\r\n2]", "[1,  2]" },
        { "\"}\\\"\"", "\"}\\\"\"" },
        { "no json", """{"text":"no json"}""" },
        { "", "{}" },
        { new string('[', 256) + new string(']', 256), new string('[', 256) + new string(']', 256) },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task Input_OfAnItemThatIsOnlyAPayload_IsThatPayload(string payload, string expected)
    {
        foreach (string line in await LinesOfAsync(new BatchItem(null, Encoding.UTF8.GetBytes(payload)), jsonBody: payload.Length > 2))
        {
            Assert.EndsWith($",\"input\":{expected}}}", line, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[7]", ",\"body\":[7]")]
    [InlineData("a=1", ",\"text\":\"a=1\"")]
    [InlineData(null, "")]
    public async Task Input_OfARequest_HasItsFields(string? payload, string expected)
    {
        var head = new RequestHead(
            "PUT", "http://a.example/1?q=ä", new Dictionary<string, string> { ["X-A"] = "a\"" }, HasBody: payload is not null);
        var item = new BatchItem("i", Encoding.UTF8.GetBytes(payload ?? "")) { Head = head };
        foreach (string line in await LinesOfAsync(item, jsonBody: false))
        {
            Assert.EndsWith(
                $",\"input\":{{\"method\":\"PUT\",\"url\":\"http://a.example/1?q=ä\",\"headers\":{{\"X-A\":\"a\\\"\"}}{expected}}}}}",
                line,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Input_ThatIsNotText_IsBase64()
    {
        foreach (string line in await LinesOfAsync(new BatchItem("i", new byte[] { 0xFF, 0 }), jsonBody: true))
        {
            Assert.EndsWith(",\"input\":{\"base64\":\"/wA=\"}}", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Body_OfARequestWith256Levels_IsSealedWithItsInput()
    {
        string deep = new string('[', 256) + new string(']', 256);
        var item = new BatchItem("i", Encoding.UTF8.GetBytes(deep)) { Head = new RequestHead("PUT") };
        Assert.All(
            await LinesOfAsync(item, jsonBody: true), line => Assert.EndsWith($"\"body\":{deep}}}}}", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(",\"input\":{\"a\":1}}", ",\"input\":{\"a\":1}")]
    [InlineData(",\"input\":{\"a\":1}}", ",\"input\":{\"a\":1]}")]
    [InlineData(",\"input\":{\"a\":1}}", ",\"input\":{\"a\":1},\"more\":1}")]
    [InlineData(",\"input\":{\"a\":1}}", ",\"inpot\":{\"a\":1}}")]
    public async Task Line_ThatDoesNotEndWithItsInput_IsNotSealed(string before, string after)
    {
        using var batch = await WrittenAsync(new BatchItem(null, """{"a":1}"""u8.ToArray()), new() { WithInput = true });
        string lines = string.Join('\n', await batch.LinesOfAsync(0)) + "\n";
        Assert.Contains(before, lines, StringComparison.Ordinal);
        await batch.ReplaceResultsAsync(0, lines.Replace(before, after, StringComparison.Ordinal));
        Assert.Single((await batch.TrySealAsync()).Lost);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Table_HasTheInputInItsFirstColumn(int piece)
    {
        string large = $"\"{new string('y', 40_000)}\"";
        using var bytes = new MemoryStream();
        await using (var table = new CsvResultStream(bytes, new RecordOptions { WithInput = true }))
        {
            foreach (string payload in new[] { """{"a":1}""", large })
            {
                using var batch = await WrittenAsync(
                    new BatchItem(null, Encoding.UTF8.GetBytes(payload)),
                    new() { WithInput = true, JsonBody = true },
                    $"[\"{new string('x', 400_000)}\"]");
                foreach (byte[] part in (await batch.ResultsOfAsync(0)).Chunk(piece))
                {
                    await table.WriteAsync(part, Cancelled);
                }
            }
        }

        var rows = CsvRows.Parse(Encoding.UTF8.GetString(bytes.ToArray()));
        Assert.Equal(["\uFEFFinput", "index"], rows[0][..2]);
        Assert.Equal(
            [.. Enumerable.Repeat("""{"a":1}""", 3), .. Enumerable.Repeat(large[..32_765] + "…", 3)],
            rows.Skip(1).Select(row => row[0]));
        Assert.Equal(["0", "1", "2", "0", "1", "2"], rows.Skip(1).Select(row => row[1]));
    }

    // Of an item with a small, one with a stored and one without a body.
    static async Task<IReadOnlyList<string>> LinesOfAsync(BatchItem item, bool jsonBody)
    {
        using var batch = await WrittenAsync(item, new() { WithInput = true, JsonBody = jsonBody });
        await batch.SealAsync();
        var lines = await batch.LinesOfAsync(0);
        foreach (string line in lines.Where(line => !line.Contains("[[", StringComparison.Ordinal)))
        {
            PublishedSchema.ResultLine.Require(JsonElement.Parse(line));
        }

        return lines;
    }

    static async Task<TestBatch> WrittenAsync(BatchItem item, RecordOptions record, string? body = null)
    {
        var batch = await TestBatch.Of([item with { Id = "a" }, item with { Id = "b" }, item with { Id = "c" }], record);
        byte[] large = Encoding.UTF8.GetBytes(body ?? $"{{\"a\":\"{new string('x', 9000)}\"\n}}");
        await batch.WriteShardAsync(
            0,
            [
                TestOutcome.Succeeded(0, "{}"),
                TestOutcome.Succeeded(1) with { Body = await batch.StoreBodyAsync(0, large, isText: true) },
                TestOutcome.Failed(2, ItemErrorCode.Dns),
            ]);
        return batch;
    }
}
