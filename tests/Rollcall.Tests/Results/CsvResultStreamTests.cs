using System.Text;
using System.Text.Json;
using CsCheck;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Results;

public sealed class CsvResultStreamTests
{
    const int CellLength = 32_767;

    static readonly string[] Pieces = [
        "a", ",", "\"", "\r\n", "\n", "\r", "\t", " ", "=", "+", "-", "@", "'", "ä", "😀", "\\", "\0", "{\"n\":1}"];

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@a", "'@a")]
    [InlineData("\ta", "'\ta")]
    [InlineData("\ra", "'\ra")]
    [InlineData("=\"a\",b", "'=\"a\",b")]
    [InlineData("a=1", "a=1")]
    [InlineData("{\"a\":-1}", "{\"a\":-1}")]
    public async Task Cell_ThatASpreadsheetWouldTakeForAFormula_IsText(string body, string cell)
    {
        string[] row = Assert.Single(await RowsOfAsync(await ResultLines.WriteAsync(TestOutcome.Succeeded(0, body), id: body)));
        Assert.Equal((cell, cell, "false"), (row[1], row[11], row[12]));
    }

    [Theory]
    [InlineData("x", 0)]
    [InlineData("\u0001", 0)]
    [InlineData("€", 0)]
    [InlineData("😀", -1)]
    [InlineData("=", -1)]
    public async Task Body_LongerThanACell_IsCutBetweenCharacters(string character, int less)
    {
        foreach (int more in new[] { 0, 1, 2, 1_000_000 })
        {
            string body = string.Concat(Enumerable.Repeat(character, (CellLength + more) / character.Length));
            string[] row = Assert.Single(await RowsOfAsync(await ResultLines.WriteAsync(TestOutcome.Succeeded(0, body))));
            string cell = row[11].TrimStart('\'');
            int expected = Math.Min(body.Length, CellLength + less);
            Assert.True(cell == body[..expected], $"{cell.Length} of {body.Length} characters are in the cell, and should be {expected}.");
            Assert.True(row[11].Length <= CellLength, $"The cell has {row[11].Length} characters.");
            Assert.Equal(expected < body.Length ? "true" : "false", row[12]);
        }
    }

    [Fact]
    public async Task Body_OfAFormulaThatEndsWithinASurrogatePair_LosesAllOfThePair()
    {
        string body = "=" + string.Concat(Enumerable.Repeat("😀", CellLength / 2));
        Assert.Equal(CellLength, body.Length);
        string[] row = Assert.Single(await RowsOfAsync(await ResultLines.WriteAsync(TestOutcome.Succeeded(0, body))));
        Assert.True(row[11] == "'" + body[..^2], "The cell is not the body without its last character.");
        Assert.Equal("true", row[12]);
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(24_573, false)]
    [InlineData(24_574, true)]
    [InlineData(3_000_000, true)]
    public async Task Body_InBase64_StaysSoAndCanBeDecodedWhereItIsCut(int bytes, bool isCut)
    {
        byte[] body = new byte[bytes];
        new Random(1).NextBytes(body);
        body[0] = 0xF8; // A + in base64.
        string[] row = Assert.Single(
            await RowsOfAsync(
                await ResultLines.WriteAsync(
                    TestOutcome.Succeeded(0) with { Body = TestOutcome.Base64(body), ContentType = "image/png" })));
        Assert.Equal(("image/png", isCut ? "true" : "false"), (row[8], row[12]));
        Assert.StartsWith("'+", row[11], StringComparison.Ordinal);
        byte[] decoded = Convert.FromBase64String(row[11][1..]);
        Assert.True(body.AsSpan().StartsWith(decoded), "What is in the cell is not the body's beginning.");
        Assert.Equal(isCut ? 24_573 : bytes, decoded.Length);
    }

    [Fact]
    public async Task Rows_ReadBackByACsvReader_SayWhatTheLinesSay()
    {
        var text = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).List[0, 8].Select(string.Concat);
        var outcome = Gen.Select(
            text, text, text, Gen.Int[0, 3], Gen.Double[0, 1e6], Gen.Int[0, 40_000], (body, id, message, kind, duration, padding) =>
            (Id: kind == 0 ? null : id, Outcome: OutcomeOf(kind, body, message, padding) with { DurationMs = duration }));
        await Gen.Select(outcome.List[0, 6], Gen.Int[1, 70_000]).SampleAsync(
            async (outcomes, piece) =>
            {
                var lines = new List<byte[]>();
                var attempt = new Attempt(default, 1, 503, ItemErrorCode.Timeout);
                foreach (var (id, one) in outcomes)
                {
                    lines.Add(await ResultLines.WriteAsync(one with { Index = lines.Count, AttemptHistory = [attempt, attempt] }, id));
                }

                var rows = await RowsOfAsync([.. lines.SelectMany(line => line)], piece);
                Assert.Equal(lines.Select(line => ExpectedRow(JsonElement.Parse(line))), rows);
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public async Task Lines_OfHugeBodies_TakeFlatMemory()
    {
        byte[] line = await ResultLines.WriteAsync(TestOutcome.Succeeded(0, new string('"', 10_000_000)));
        await using var table = new CsvResultStream(Stream.Null, new RecordOptions());
        await table.WriteAsync(line, TestContext.Current.CancellationToken);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            await table.WriteAsync(line, TestContext.Current.CancellationToken);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 10 * 1024 * 1024, $"{allocated} bytes were allocated for 10 lines of {line.Length} bytes each.");
    }

    [Theory]
    [InlineData("garbage\n")]
    [InlineData("{\"index\":0}\n")]
    [InlineData("{\"index\":0,\"status\":\"succeeded\",\"body\":1}\n")]
    [InlineData("{\"index\":0,\"status\":\"succeeded\"\n")]
    public async Task Line_ThatIsNoResult_IsRefused(string line)
    {
        await using var table = new CsvResultStream(Stream.Null, new RecordOptions());
        await Assert.ThrowsAsync<InvalidDataException>(
            () => table.WriteAsync(Encoding.UTF8.GetBytes(line), TestContext.Current.CancellationToken).AsTask());
    }

    static ItemOutcome OutcomeOf(int kind, string body, string message, int padding) => kind switch
    {
        0 => TestOutcome.Succeeded(0, body + new string('x', padding)),
        1 =>
            TestOutcome.Failed(
                0,
                ItemErrorCode.HttpStatus,
                500) with
            { Error = ItemError.Of(ItemErrorCode.HttpStatus, message), Body = TestOutcome.Text(body) },
        2 =>
            TestOutcome.Succeeded(0) with
            {
                Body = TestOutcome.Base64([.. Encoding.UTF8.GetBytes(body), 0xFF]),
                ContentType = message,
                ContentEncoding = "zstd",
            },
        _ => TestOutcome.Failed(0, ItemErrorCode.Dns),
    };

    static async Task<List<string[]>> RowsOfAsync(byte[] lines, int piece = 1000)
    {
        using var bytes = new MemoryStream();
        await using (var table = new CsvResultStream(bytes, new RecordOptions()))
        {
            for (int at = 0; at < lines.Length; at += piece)
            {
                await table.WriteAsync(lines.AsMemory(at, Math.Min(piece, lines.Length - at)));
            }
        }

        var rows = CsvRows.Parse(Encoding.UTF8.GetString(bytes.ToArray()));
        Assert.Equal("\uFEFFindex", rows[0][0]);
        Assert.All(rows, row => Assert.Equal(14, row.Length));
        return rows[1..];
    }

    static string[] ExpectedRow(JsonElement line)
    {
        string Text(string name) => line.TryGetProperty(name, out var value) ? value.ToString() : "";
        string Error(string name) => line.TryGetProperty("error", out var error) ? error.GetProperty(name).GetString()! : "";
        string body = Text("body") + Text("bodyBase64");
        string cell = Cell(body)[..Math.Min(CellLength, Cell(body).Length)];
        return
        [
            Text("index"), Cell(Text("id")), Text("status"), Text("httpStatus"), Error("code"), Cell(Error("message")), Text("attempts"),
            Text("durationMs"),
            Cell(Text("contentType")),
            Text("bytes"),
            Text("sha256"),
            cell,
            cell.TrimStart('\'').Length < body.TrimStart('\'').Length ? "true" : "false",
            Text("contentEncoding"),
        ];
    }

    static string Cell(string text) => text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
}
