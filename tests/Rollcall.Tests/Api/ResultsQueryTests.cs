using Rollcall.Api;

namespace Rollcall.Tests.Api;

public sealed class ResultsQueryTests : IDisposable
{
    const int Items = 250;

    readonly TestApi api = new();

    public void Dispose() => api.Dispose();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(99, 99)]
    [InlineData(100, 100)]
    [InlineData(107, 107)]
    [InlineData(249, 249)]
    [InlineData(250, 250)]
    public async Task Results_FromAnIndex_BeginThereWhetherTheBatchGoesOnOrHasEnded(int from, int first)
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 1, 2);
        int[] expected = [.. Enumerable.Range(first, Items - first)];
        Assert.Equal(expected, (await api.ResultsAsync("b", $"?from={from}")).Indexes);
        Assert.Equal(expected, (await api.ResultsAsync("b", $"?from={from}&contiguous=true")).Indexes);
        await api.SealAsync();
        var response = await api.ResultsAsync("b", $"?from={from}");
        Assert.Equal(expected, response.Indexes);
        Assert.Equal("250", response.Headers[ResultsApi.NextHeader]);
    }

    [Fact]
    public async Task Results_FromTheEndOfABatchOfWholeShards_AreNone()
    {
        await api.StartBatchAsync(items: 200);
        await api.WriteShardsAsync(0, 1);
        Assert.Empty((await api.ResultsAsync("b", "?from=200&contiguous=true")).Indexes);
        await api.SealAsync();
        Assert.Empty((await api.ResultsAsync("b", "?from=200")).Indexes);
    }

    [Fact]
    public async Task Results_FromAnIndex_ReadNoEarlierShard()
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 1, 2);
        await api.SealAsync();
        File.Delete(Path.Combine(api.Store.FolderOf("b"), "results", "000000.jsonl"));
        Assert.Equal(Enumerable.Range(100, 150), (await api.ResultsAsync("b", "?from=100")).Indexes);
    }

    [Theory]
    [InlineData("", 0, "0")]
    [InlineData("1,2", 0, "0")]
    [InlineData("0", 100, "100")]
    [InlineData("0,2", 100, "100")]
    [InlineData("0,1", 200, "200")]
    [InlineData("0,1,2", 250, "250")]
    public async Task Results_Contiguous_EndAtTheFirstShardThatIsNotWritten(string written, int end, string next)
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync([.. written.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]);
        var response = await api.ResultsAsync("b", "?contiguous=true");
        Assert.Equal(Enumerable.Range(0, end), response.Indexes);
        Assert.Equal(next, response.Headers[ResultsApi.NextHeader]);
    }

    [Fact]
    public async Task Results_ContiguousFromWithinAShardThatIsNotWritten_GoOnAtThatIndex()
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0);
        var response = await api.ResultsAsync("b", "?contiguous=true&from=150");
        Assert.Empty(response.Body);
        Assert.Equal("150", response.Headers[ResultsApi.NextHeader]);
    }

    [Fact]
    public async Task Results_WithGaps_NameNoIndexToGoOnAt()
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 2);
        Assert.False((await api.ResultsAsync("b")).Headers.ContainsKey(ResultsApi.NextHeader));
    }

    [Theory]
    [InlineData("?errorCode=timeout", "7 107 207")]
    [InlineData("?errorCode=connect", "8 108 208")]
    [InlineData("?errorCode=timeout&errorCode=connect&from=100", "107 108 207 208")]
    [InlineData("?errorCode=timeout,connect&from=108", "108 207 208")]
    [InlineData("?status=failed,cancelled&from=200", "207 208")]
    [InlineData("?status=cancelled&status=expired", "")]
    [InlineData("?status=succeeded&errorCode=timeout", "")]
    [InlineData("?status=failed&status=succeeded&errorCode=dns,connect", "8 108 208")]
    public async Task Results_OfStatusesAndCodes_AreTheLinesOfBoth(string query, string expected)
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 1, 2);
        Assert.Equal(expected, string.Join(' ', (await api.ResultsAsync("b", query)).Indexes));
    }

    [Theory]
    [InlineData("?from=-1", "from is '-1': 0 to 250, the number of items, is allowed.")]
    [InlineData("?from=251", "from is '251': 0 to 250, the number of items, is allowed.")]
    [InlineData("?from=", "from is '': 0 to 250")]
    [InlineData("?from=1&from=2", "from is '1,2': 0 to 250")]
    [InlineData("?from=1.5", "from is '1.5': 0 to 250")]
    [InlineData("?from=9999999999999999999", "from is '9999999999999999999': 0 to 250")]
    [InlineData("?contiguous=1", "contiguous is '1': true, false are allowed.")]
    [InlineData("?format=xlsx", "format is 'xlsx': jsonl, csv are allowed.")]
    [InlineData("?status=failed,bad", "status is 'bad': succeeded, failed, cancelled, expired are allowed.")]
    [InlineData("?status=", "status is '': succeeded, failed, cancelled, expired are allowed.")]
    [InlineData("?errorCode=timeout&errorCode=Timeout", "errorCode is 'Timeout': http-status, verdict, timeout, connect, no-response,")]
    public async Task Results_OfAQueryThatIsNotAllowed_AreAProblemThatListsWhatIs(string query, string detail)
    {
        await api.StartBatchAsync();
        Assert.Contains(detail, (await api.ResultsAsync("b", query)).Problem(400), StringComparison.Ordinal);
    }
}
