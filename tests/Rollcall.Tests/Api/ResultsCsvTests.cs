using Rollcall.Items;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Api;

public sealed class ResultsCsvTests : IDisposable
{
    const string Header =
        "\uFEFFindex,id,status,httpStatus,errorCode,errorMessage,attempts,durationMs,"
        + "contentType,bytes,sha256,body,bodyIsCut,contentEncoding\r\n";

    readonly TestApi api = new();

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Results_AsCsv_AreATableThatExcelReads()
    {
        await api.StartBatchAsync(items: 2);
        await api.WriteShardAsync(0, i => i == 0 ? TestOutcome.Succeeded(0, "a \"b\"") : TestOutcome.Failed(1, ItemErrorCode.Timeout));

        var response = await api.ResultsAsync("b", "?format=csv");

        Assert.Equal("text/csv; charset=utf-8; header=present", response.ContentType);
        Assert.Equal("attachment; filename=\"b.csv\"", response.Headers.ContentDisposition);
        Assert.Equal([0xEF, 0xBB, 0xBF], response.Bytes[..3]);
        string sha256 = TestOutcome.Sha256Of("a \"b\""u8.ToArray());
        Assert.Equal(
            Header
            + $"0,,succeeded,200,,,1,1.5,application/json,5,{sha256},\"a \"\"b\"\"\",false,\r\n"
            + "1,,failed,,timeout,It failed.,4,0,,,,,false,\r\n",
            response.Body);
    }

    [Fact]
    public async Task Results_AsCsvOfNoLine_AreTheHeaderAlone()
    {
        await api.StartBatchAsync();
        Assert.Equal(Header, (await api.ResultsAsync("b", "?format=csv")).Body);
    }

    [Fact]
    public async Task Results_AsCsvWithFilters_AreTheRowsOfThose()
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 1, 2);
        string csv = (await api.ResultsAsync("b", "?format=csv&errorCode=connect&from=100")).Body;
        Assert.Equal(["108", "208"], csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split(',')[0]));
    }

    [Fact]
    public async Task Results_AsJsonl_AreWhatTheyAreWithoutAFormat()
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0);
        var response = await api.ResultsAsync("b", "?format=jsonl");
        Assert.Equal("application/x-ndjson", response.ContentType);
        Assert.Equal((await api.ResultsAsync("b")).Body, response.Body);
    }
}
