using System.Text;
using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Tests.Building;
using Rollcall.Tests.Schemas;

namespace Rollcall.Tests.Results;

/// <summary>Bodies that are JSON in their lines.</summary>
public sealed class JsonBodyTests
{
    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Json { get; } =
    [
        "{}",
        """{ "a" : 1.0, "a":"\u00e4\/","big":12345678901234567890.10 }""",
        "7",
        "-0.0e5",
        "\"text\"",
        "null",
        "[\"\\ud800\"]",
        "{\r\n  \"a\": [1,\n2]\n}\n",
        " \t[]",
        new string('[', 256) + new string(']', 256),
        "{\"a\":\"" + new string('x', 300_000) + "\",\n\"b\":2}",
    ];

    public static TheoryData<string> Others { get; } =
        ["", " ", "text", "{\"a\":1}{}", "{'a':1}", "[1,]", "\uFEFF{}", "NaN", "01", new string('[', 257) + new string(']', 257), "[1"];

    [Theory]
    [MemberData(nameof(Json))]
    public async Task Body_ThatIsJson_IsInTheLineByteForByteWithSpacesForLineBreaks(string body)
    {
        string text = await LineOfAsync(body);
        string expected = body.Replace('\r', ' ').Replace('\n', ' ');
        Assert.EndsWith($",\"json\":{expected}}}", text, StringComparison.Ordinal);
        var line = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 300 }).RootElement;
        Assert.False(line.TryGetProperty("body", out _));
        Assert.Equal(TestOutcome.Sha256Of(Encoding.UTF8.GetBytes(body)), line.GetProperty("sha256").GetString());
        Assert.Equal(
            body == expected ? null : TestOutcome.Sha256Of(Encoding.UTF8.GetBytes(expected)),
            line.TryGetProperty("jsonSha256", out var sha256) ? sha256.GetString() : null);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Body_ThatIsNotJson_IsAString(string body)
    {
        var line = JsonElement.Parse(await LineOfAsync(body));
        Assert.Equal(body, line.GetProperty("body").GetString());
        Assert.False(line.TryGetProperty("json", out _));
    }

    [Fact]
    public async Task Body_ThatIsNotWhole_IsAStringEvenIfItIsJson()
    {
        using var batch = await TestBatch.Of(1, record: new() { JsonBody = true });
        var body = TestOutcome.Text("12") with { IsCut = true };
        await batch.WriteShardAsync(0, [TestOutcome.Failed(0, ItemErrorCode.BodyIncomplete, 200) with { Body = body }]);
        Assert.Equal("12", Assert.Single(await batch.ResultsAsync()).GetProperty("body").GetString());
    }

    [Theory]
    [InlineData("\"json\":{\"a\":1}", "\"json\":{\"a\":2}")]
    [InlineData("\"json\":{\"a\":1}", "\"json\":{\"a\":1} ")]
    [InlineData("\"json\":{\"a\":1}", "\"json\":{\"a\":1},\"b\":2")]
    [InlineData("\"json\":{\"a\":1}", "\"json\":{\"a\":1]")]
    public async Task Line_WhoseJsonWasChanged_IsNotSealed(string before, string after)
    {
        using var batch = await TestBatch.Of(1, record: new() { JsonBody = true });
        await batch.WriteShardAsync(0, [TestOutcome.Succeeded(0, """{"a":1}""")]);
        string line = (await batch.LinesOfAsync(0))[0];
        Assert.Contains(before, line, StringComparison.Ordinal);
        await batch.ReplaceResultsAsync(0, line.Replace(before, after, StringComparison.Ordinal) + "\n");
        Assert.Equal(
            "The body of item 0 is not the one whose length and SHA-256 its line has.",
            Assert.Single((await batch.TrySealAsync()).Lost).Reason);
    }

    [Fact]
    public async Task Lines_OfJson_AreReadInPiecesAndKeptByARedrive()
    {
        using var batch = await TestBatch.Of(2, record: new() { JsonBody = true });
        await batch.WriteShardAsync(0, [TestOutcome.Succeeded(0, "{\n\"b\":\"}\\\"\"}"), TestOutcome.Failed(1, ItemErrorCode.Dns)]);
        string kept = (await batch.LinesOfAsync(0))[0];
        await batch.SealAsync();
        await batch.Controls.ChangeAsync(
            batch.Manifest, control => control.Redriven(batch.Time.GetUtcNow(), onlyCodes: null), Cancelled);
        await batch.WriteShardAsync(0, [TestOutcome.Succeeded(1, "[]")], run: 2);
        await batch.SealAsync(run: 2);
        byte[] results = await batch.ResultsOfAsync(0, run: 2);
        Assert.StartsWith(kept, Encoding.UTF8.GetString(results), StringComparison.Ordinal);
        using var body = new LineBody();
        await using var trickle = new TrickleStream(results, 1);
        var reader = new ResultReader(trickle, [], body);
        Assert.Equal(0, (await reader.ReadAsync(Cancelled))!.Index);
        Assert.Equal(1, (await reader.ReadAsync(Cancelled))!.Index);
        Assert.Null(await reader.ReadAsync(Cancelled));
    }

    [Fact]
    public async Task Table_HasTheJsonInItsBody()
    {
        using var bytes = new MemoryStream();
        string large = $"[\"{new string('x', 400_000)}\"]";
        await using (var table = new CsvResultStream(bytes, new RecordOptions()))
        {
            foreach (string body in new[] { "{\n\"a\":1}", large, "7" })
            {
                await table.WriteAsync(Encoding.UTF8.GetBytes(await LineOfAsync(body) + "\n"), Cancelled);
            }
        }

        var rows = CsvRows.Parse(Encoding.UTF8.GetString(bytes.ToArray()));
        Assert.Equal(["{ \"a\":1}", "false"], rows[1][11..13]);
        Assert.Equal([large[..32_767], "true"], rows[2][11..13]);
        Assert.Equal(["7", "false"], rows[3][11..13]);
    }

    [Fact]
    public async Task Json_Of100MB_TakesFlatMemory()
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"[\n\"{new string('ä', 50_000_000)}\"]");
        var body = new ItemBody { StoredName = "b", StoredIsText = true, Bytes = bytes.Length, Sha256 = TestOutcome.Sha256Of(bytes) };
        using var line = new MemoryStream(bytes.Length + 1000);
        await using var writer = new ResultWriter(line);
        using var check = new LineBody();
        long before = GC.GetAllocatedBytesForCurrentThread();

        // All of it completes synchronously, in this thread.
        var json = await JsonBody.FindAsync(body, () => Task.FromResult<Stream>(new MemoryStream(bytes)));
        Assert.True(await writer.TryWriteAsync(
            TestOutcome.Succeeded(0) with { Body = body }, id: null, new MemoryStream(bytes), extracted: null, json));
        line.Position = 0;
        Assert.Equal(bytes.Length, (await new ResultReader(line, [], check).ReadAsync(Cancelled))!.Bytes);

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 1, 2_000_000);
    }

    static async Task<string> LineOfAsync(string body)
    {
        using var batch = await TestBatch.Of(1, record: new() { JsonBody = true });
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        await batch.WriteShardAsync(
            0,
            [
                bytes.Length <= ItemBody.MaxInlineBytes
                    ? TestOutcome.Succeeded(0, body)
                    : TestOutcome.Succeeded(0) with { Body = await batch.StoreBodyAsync(0, bytes, isText: true) },
            ]);
        await batch.SealAsync();
        string line = Assert.Single(await batch.LinesOfAsync(0));
        if (!body.Contains("[[", StringComparison.Ordinal) && !body.Contains("\\ud800", StringComparison.Ordinal))
        {
            PublishedSchema.ResultLine.Require(JsonElement.Parse(line));
        }

        return line;
    }
}
