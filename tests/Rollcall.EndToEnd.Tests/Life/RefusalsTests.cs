using System.Net;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>Targets that do not take every item at once.</summary>
[Collection(LifeCollection.Name)]
public sealed class RefusalsTests(LifeHosts hosts)
{
    [Theory]
    [InlineData(HostKind.Serve, 429, null)]
    [InlineData(HostKind.Serve, 503, 1)]
    [InlineData(HostKind.FunctionApp, 529, null)]
    [InlineData(HostKind.FunctionApp, 429, 1)]
    public async Task Target_WithARateLimit_CostsNoItem(HostKind kind, int status, int? retryAfter)
    {
        await using var target = await MeteredTarget.StartAsync();
        (target.TakesPerSecond, target.RefusalStatus, target.RetryAfterSeconds) = (5, status, retryAfter);
        var host = await hosts.GetAsync(kind);

        // One attempt counts, so an item that is refused would fail at once if a refusal did.
        string id = await StartAsync(host, target.Url, items: 25, "&maxAttempts=1");
        await host.Api.WaitForStateAsync(id, "completed");

        var lines = (await host.Api.DownloadResultsAsync(id)).Lines;
        Assert.Equal(25, lines.Count);
        Assert.All(lines, line => Assert.Equal("succeeded", line.GetProperty("status").GetString()));
        Assert.NotEmpty(target.Refusals);
        Assert.Contains(
            lines,
            line => line.TryGetProperty("attemptHistory", out var history) && history[0].GetProperty("httpStatus").GetInt32() == status);
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Target_ThatIsAwayForAWhile_CostsNoItem(HostKind kind)
    {
        using var closed = new ClosedPort();
        string url = closed.Url;
        var host = await hosts.GetAsync(kind);
        string id = await StartAsync(host, url, items: 40, "&maxAttempts=1");

        // This is what the target does: it is away for that long.
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        closed.Dispose();
        await using var target = await MeteredTarget.StartAsync(url);
        await host.Api.WaitForStateAsync(id, "completed");

        var lines = (await host.Api.DownloadResultsAsync(id)).Lines;
        Assert.Equal(40, lines.Count);
        Assert.All(lines, line => Assert.Equal("succeeded", line.GetProperty("status").GetString()));
        Assert.Equal(40, target.Arrivals.Count);
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Item_WhosePatienceEnds_FailsWithWhatWasSaidLast(HostKind kind)
    {
        await using var target = Target.Start(Responses.With(503, "later"));
        var host = await hosts.GetAsync(kind);
        string id = await StartAsync(host, target.Url, items: 1, "&maxAttempts=1&maxWaitSeconds=0.5&maxDelaySeconds=0.2");
        await host.Api.WaitForStateAsync(id, "completed");

        var line = Assert.Single((await host.Api.DownloadResultsAsync(id)).Lines);
        Assert.Equal(
            ("failed", 503, "later"),
            (line.GetProperty("status").GetString(), line.GetProperty("httpStatus").GetInt32(), line.GetProperty("body").GetString()));
        Assert.True(line.GetProperty("attempts").GetInt32() > 1, "The item was not sent again.");
        var history = line.GetProperty("attemptHistory");
        var took = history[history.GetArrayLength() - 1].GetProperty("at").GetDateTimeOffset()
            - history[0].GetProperty("at").GetDateTimeOffset();

        // The patience ends with the last attempt, which takes a moment.
        Assert.True(took >= TimeSpan.FromSeconds(0.4), "The item failed before its patience ended.");
    }

    static async Task<string> StartAsync(ILifeHost host, string url, int items, string options)
    {
        string lines = string.Concat(Enumerable.Range(0, items).Select(item => $"{{\"n\":{item}}}\n"));
        var response = await host.Api.PostAsync(
            System.Text.Encoding.UTF8.GetBytes(lines), "application/x-ndjson", $"?to={Uri.EscapeDataString(url)}{options}");
        return response.Require(HttpStatusCode.Accepted).Json.GetProperty("id").GetString()!;
    }
}
