using System.Security.Cryptography;
using System.Text;
using Rollcall.Cli.Client;
using Rollcall.Results;

namespace Rollcall.Cli.Tests.Client;

public sealed class ResultsOutputTests
{
    const string Header = "\uFEFFindex,id\r\n";

    [Theory]
    [InlineData(ResultFormat.Jsonl)]
    [InlineData(ResultFormat.Csv)]
    public async Task Responses_ThatBreakOffAnywhere_AreWrittenOnceAndWhole(ResultFormat format)
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            string[] records = [.. Enumerable.Range(0, random.Next(1, 12)).Select(index => RecordOf(format, index, random))];
            byte[] whole = BytesOf(format, records, from: 0);
            using var written = new MemoryStream();
            await using var output = new ResultsOutput(written, format, from: 0);
            for (bool isCut = true; isCut;)
            {
                byte[] response = BytesOf(format, records, (int)output.Next);
                isCut = random.Next(4) > 0;
                await output.BeginResponseAsync();
                await AddAsync(output, response.AsMemory(0, isCut ? random.Next(response.Length + 1) : response.Length), random);
            }

            Assert.True(whole.AsSpan().SequenceEqual(written.ToArray()), $"What was written is not the whole, with seed {seed}.");
            Assert.Equal((records.Length, records.Length, false), (output.Lines, output.Next, output.BreaksOff));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(whole)), await output.FinishAsync());
        }
    }

    [Fact]
    public async Task Response_ThatBreaksOffWithinAHugeResult_LeavesNothingOfItAndTakesFlatMemory()
    {
        const int Size = 200_000_000;
        byte[] piece = new byte[128 * 1024];
        piece.AsSpan().Fill((byte)'x');
        using var written = new MemoryStream();
        await using var output = new ResultsOutput(written, ResultFormat.Jsonl, from: 0);
        await output.AddAsync("{\"index\":0}\n{\"index\":1,"u8.ToArray());
        long before = GC.GetTotalMemory(forceFullCollection: true);

        for (int at = 0; at < Size; at += piece.Length)
        {
            await output.AddAsync(piece);
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < 16 * 1024 * 1024, $"{grown} bytes are held for a result of {Size} bytes.");
        Assert.True(output.BreaksOff);
        Assert.Equal("{\"index\":0}\n", Encoding.UTF8.GetString(written.ToArray()));
    }

    [Theory]
    [InlineData("{\"index\":0}\n{\"index\":0}\n", "item 0 came when item 1 or a later one was expected")]
    [InlineData("{\"index\":3}\n{\"index\":1}\n", "item 1 came when item 4 or a later one was expected")]
    [InlineData("<html>\n", "a line has no index")]
    public async Task Response_ThatIsNotResultsInOrder_IsRefused(string response, string reason)
    {
        using var written = new MemoryStream();
        await using var output = new ResultsOutput(written, ResultFormat.Jsonl, from: 0);
        await output.BeginResponseAsync();
        var refusal = await Assert.ThrowsAsync<ServerException>(() => output.AddAsync(Encoding.UTF8.GetBytes(response)));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, output.Next);
    }

    static async Task AddAsync(ResultsOutput output, ReadOnlyMemory<byte> response, Random random)
    {
        while (response.Length > 0)
        {
            int length = Math.Min(response.Length, random.Next(1, 40));
            await output.AddAsync(response[..length]);
            response = response[length..];
        }
    }

    static string RecordOf(ResultFormat format, int index, Random random)
    {
        string body = string.Concat(
            Enumerable.Range(0, random.Next(60)).Select(_ => format == ResultFormat.Csv
                ? "ab\"\"\r\n,"[random.Next(7)]
                : "ab{}\\\" "[random.Next(7)]));
        return format == ResultFormat.Csv
            ? $"{index},\"{body.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\r\n"
            : $"{{\"index\":{index},\"body\":{body}}}\n";
    }

    static byte[] BytesOf(ResultFormat format, string[] records, int from) =>
        Encoding.UTF8.GetBytes((format == ResultFormat.Csv ? Header : "") + string.Concat(records[from..]));
}
