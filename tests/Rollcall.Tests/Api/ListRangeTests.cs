using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Storage;

namespace Rollcall.Tests.Api;

public sealed class ListRangeTests : IDisposable
{
    readonly TestApi api = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Theory]
    [InlineData("?since=2026-01-02T03:04:07Z", "b3 b2")]
    [InlineData("?until=2026-01-02T03:04:07Z", "b1 b0")]
    [InlineData("?since=2026-01-02T03:04:06Z&until=2026-01-02T03:04:08Z", "b2 b1")]
    [InlineData("?since=2026-01-02T04:04:06.5%2B01:00&until=2026-01-02T03:04:07.0000001Z", "b2")]
    [InlineData("?since=2026-01-03T00:00:00Z", "")]
    [InlineData("?until=0001-01-01T00:00:00Z", "")]
    public async Task Batches_OfASpan_AreThoseThatCameFromItsBeginAndBeforeItsEnd(string query, string expected)
    {
        await StartAsync(4);
        Assert.Equal(expected, string.Join(' ', IdsOf((await api.ListAsync(query)).Json)));
    }

    [Fact]
    public async Task Batches_OfASpanInPages_EndWithIt()
    {
        await StartAsync(6);
        string span = "since=2026-01-02T03:04:06Z&until=2026-01-02T03:04:10Z";
        var first = (await api.ListAsync($"?limit=3&{span}")).Json;
        Assert.Equal(["b4", "b3", "b2"], IdsOf(first));
        var second = (await api.ListAsync($"?limit=3&{span}&after={first.GetProperty("next").GetString()}")).Json;
        Assert.Equal(["b1"], IdsOf(second));
        Assert.False(second.TryGetProperty("next", out _));
    }

    [Fact]
    public async Task Batches_ThatEndedSo_AreListedInOrderWhetherTheyAreClosedOrNot()
    {
        await StartAsync(9);
        foreach (int i in new[] { 1, 2, 4, 7 })
        {
            await FailAsync(i, isClosed: i % 2 == 1);
        }

        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = (await api.ListAsync($"?status=failed&limit=1{(next is null ? "" : $"&after={next}")}")).Json;
            seen.AddRange(IdsOf(page));
            next = page.TryGetProperty("next", out var after) ? after.GetString() : null;
        }
        while (next is not null);

        Assert.Equal(["b7", "b4", "b2", "b1"], seen);
        Assert.DoesNotContain("b7", IdsOf((await api.ListAsync("?status=running")).Json));
    }

    [Theory]
    [InlineData(
        "?since=yesterday",
        "since is 'yesterday': a time of RFC 3339 is needed, such as 2026-01-31T12:00:00Z. A plus in it is written %2B.")]
    [InlineData(
        "?until=2026-01-02",
        "until is '2026-01-02': a time of RFC 3339 is needed, such as 2026-01-31T12:00:00Z. A plus in it is written %2B.")]
    [InlineData(
        "?until=2026-02-30T00:00:00Z",
        "until is '2026-02-30T00:00:00Z': a time of RFC 3339 is needed, such as 2026-01-31T12:00:00Z. A plus in it is written %2B.")]
    [InlineData(
        "?since=2026-01-02T00:00:00Z&until=2026-01-02T00:00:00Z",
        "since is not before until, so that no batch can be between them.")]
    [InlineData("?after=9", "after is not the 'next' of a page.")]
    public async Task Parameter_ThatIsNotAllowed_IsRefused(string query, string detail) =>
        Assert.Equal(detail, (await api.ListAsync(query)).Problem(400));

    static IEnumerable<string> IdsOf(JsonElement page) =>
        page.GetProperty("batches").EnumerateArray().Select(batch => batch.GetProperty("id").GetString()!);

    // They come at 03:04:05 and each second after.
    async Task StartAsync(int batches)
    {
        for (int i = 0; i < batches; i++)
        {
            Assert.Equal(202, (await api.PostLinesAsync($"?to={TestApi.Url}&id=b{i}", "1\n")).Status);
            api.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    async Task FailAsync(int number, bool isClosed)
    {
        string id = $"b{number}";
        await api.Store.WriteFailureAsync(new BatchFailure(id, 1, "broken", api.Time.GetUtcNow(), new OutcomeCounts()), Cancelled);
        api.Scheduler.Executions.Remove(id);
        if (isClosed)
        {
            var manifest = (await api.Store.FindManifestAsync(id, Cancelled))!;
            await api.Catalog.CloseAsync(
                new CatalogEntry(id, manifest.CreatedAt),
                new BatchEnd(EndKind.Failed, api.Time.GetUtcNow()),
                Cancelled);
        }
    }
}
