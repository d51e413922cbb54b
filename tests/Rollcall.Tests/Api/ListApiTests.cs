using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Storage;

namespace Rollcall.Tests.Api;

public sealed class ListApiTests : IDisposable
{
    readonly TestApi api = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Batches_AreListedNewestFirstAndInPages()
    {
        await StartAsync(7);
        var first = (await api.ListAsync("?limit=3")).Json;
        Assert.Equal(["b6", "b5", "b4"], IdsOf(first));
        var second = (await api.ListAsync($"?limit=3&after={first.GetProperty("next").GetString()}")).Json;
        Assert.Equal(["b3", "b2", "b1"], IdsOf(second));
        var third = (await api.ListAsync($"?limit=3&after={second.GetProperty("next").GetString()}")).Json;
        Assert.Equal(["b0"], IdsOf(third));
        Assert.False(third.TryGetProperty("next", out _));
    }

    [Fact]
    public async Task Batches_OfOneStatus_AreThoseOnly()
    {
        await StartAsync(4);
        await api.Store.WriteFailureAsync(new BatchFailure("b1", 1, "broken", api.Time.GetUtcNow(), new OutcomeCounts()), Cancelled);
        api.Scheduler.Executions.Remove("b1");
        api.Scheduler.Executions.Remove("b2");
        Assert.Equal(["b1"], IdsOf((await api.ListAsync("?status=failed")).Json));
        Assert.Equal(["b2"], IdsOf((await api.ListAsync("?status=pending")).Json));
        Assert.Equal(["b3", "b0"], IdsOf((await api.ListAsync("?status=running")).Json));
        Assert.Empty(IdsOf((await api.ListAsync("?status=completed")).Json));
    }

    [Fact]
    public async Task Entry_OfAnIntakeThatDidNotEnd_IsNotListed()
    {
        await StartAsync(1);
        await api.Catalog.AddAsync("broken-off", api.Time.GetUtcNow(), Cancelled);
        await api.Catalog.AddAsync("b0", api.Time.GetUtcNow().AddSeconds(5), Cancelled);
        Assert.Equal(["b0"], IdsOf((await api.ListAsync()).Json));
    }

    [Fact]
    public async Task Rejections_AreListedWithTheirReasons()
    {
        foreach (int i in new[] { 0, 1, 2 })
        {
            await api.Catalog.AddRejectionAsync(new Rejection($"m{i}", api.Time.GetUtcNow().AddSeconds(i), $"reason {i}"), Cancelled);
        }

        var page = (await api.ListAsync("?status=rejected&limit=2")).Json;
        Assert.Equal(["m2", "m1"], IdsOf(page));
        Assert.Equal("rejected", page.GetProperty("batches")[0].GetProperty("status").GetString());
        Assert.Equal("reason 2", page.GetProperty("batches")[0].GetProperty("error").GetString());
        Assert.Equal(["m0"], IdsOf((await api.ListAsync($"?status=rejected&after={page.GetProperty("next").GetString()}")).Json));
    }

    [Theory]
    [InlineData(
        "?status=done",
        "status is 'done': pending, scheduled, running, paused, stopping, completed, cancelled, expired, failed, rejected are allowed.")]
    [InlineData("?limit=0", "limit is '0': 1 to 100 is allowed.")]
    [InlineData("?limit=101", "limit is '101': 1 to 100 is allowed.")]
    [InlineData("?limit=all", "limit is 'all': 1 to 100 is allowed.")]
    [InlineData("?after=b1", "after is not the 'next' of a page.")]
    public async Task Parameter_ThatIsNotAllowed_IsRefused(string query, string detail)
    {
        Assert.Equal(detail, (await api.ListAsync(query)).Problem(400));
    }

    static IEnumerable<string?> IdsOf(JsonElement page) =>
        page.GetProperty("batches").EnumerateArray().Select(batch => batch.GetProperty("id").GetString());

    async Task StartAsync(int batches)
    {
        for (int i = 0; i < batches; i++)
        {
            api.Time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(202, (await api.PostLinesAsync($"?to={TestApi.Url}&id=b{i}", "1\n")).Status);
        }
    }
}
