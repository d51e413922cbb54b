using System.Text;
using Rollcall.Batches;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Api;

public sealed class StartApiLinesTests : IDisposable
{
    const string To = "?to=http%3A%2F%2F127.0.0.1%3A9%2F";

    readonly TestApi api = new(TestGrants.WithStorage(OpenBlobAsync));

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Lines_WithTheirTargetAndOptionsInTheQuery_AreABatch()
    {
        var response = await api.PostLinesAsync(
            To + "&id=n&concurrency=7&ratePerSecond=1.5&timeoutSeconds=2.5&maxBodyBytes=99&maxAttempts=2"
                + "&firstDelaySeconds=0.5&maxDelaySeconds=3&followRedirects=true&keepAlive=false&retryOnTimeout=false&itemsPerActivity=1"
                + "&maxFailedItems=5&maxFailedPercent=2.5&deadlineSeconds=60&code=key",
            "{\"a\" : 1}\n[2]\n",
            ("X-Rollcall-Header-X-Tenant", "t"),
            ("x-rollcall-secret-Authorization", "TOKEN"));
        Assert.Equal(202, response.Status);
        Assert.Equal(2, response.Json.GetProperty("items").GetInt64());

        var manifest = (await api.Store.FindManifestAsync("n", Cancelled))!;
        Assert.Equal("http://127.0.0.1:9/", manifest.Target.Url);
        Assert.Equal(new TargetHeader { Value = "t" }, manifest.Target.Headers["X-Tenant"]);
        Assert.Equal(new TargetHeader { Secret = "TOKEN" }, manifest.Target.Headers["Authorization"]);
        var expected = new BatchOptions
        {
            Concurrency = 7,
            RatePerSecond = 1.5,
            TimeoutSeconds = 2.5,
            MaxBodyBytes = 99,
            FollowRedirects = true,
            KeepAlive = false,
            MaxFailedItems = 5,
            MaxFailedPercent = 2.5,
            DeadlineSeconds = 60,
            Retry = new RetryOptions { MaxAttempts = 2, FirstDelaySeconds = 0.5, MaxDelaySeconds = 3, OnTimeout = false },
        };
        Assert.Equal(expected, manifest.Options);
        Assert.Equal("{\"a\" : 1}", Encoding.UTF8.GetString((await api.Store.ReadItemAsync(manifest, 0, Cancelled)).Payload.Span));
    }

    [Fact]
    public async Task Lines_OfAnyNumberAndSpeed_AreNotCutOffByTheServersLimits()
    {
        await api.PostLinesAsync(To, "1\n");
        Assert.Null(api.Limits.MaxRequestBodySize);
        Assert.Null(api.Limits.RequestRate);
    }

    [Fact]
    public async Task Lines_OfItems_HaveTheirIds()
    {
        await api.PostLinesAsync(To + "&id=n&lines=items", """{"id":"a1","body":5}""");
        var manifest = (await api.Store.FindManifestAsync("n", Cancelled))!;
        Assert.Equal("a1", (await api.Store.ReadItemAsync(manifest, 0, Cancelled)).Id);
    }

    [Fact]
    public async Task Lines_StartedTwice_AreOneBatchAndOthersAreAConflict()
    {
        Assert.Equal(202, (await api.PostLinesAsync(To + "&id=n", "1\n2\n")).Status);
        Assert.Equal(200, (await api.PostLinesAsync(To + "&id=n", "1\n2\n")).Status);
        Assert.Equal(("pointer /items", "differ."), (await api.PostLinesAsync(To + "&id=n", "1\n3\n")).OnlyError(409));
    }

    [Fact]
    public async Task Lines_ThatAreWrong_AreNamedByTheirNumbersAndNothingIsStarted()
    {
        var response = await api.PostLinesAsync(To + "&id=n", "1\nx\n3\n{\n");
        Assert.Equal("2 of 4 lines cannot be sent.", response.Problem(400));
        Assert.Equal(["line 2", "line 4"], response.Errors(400).Select(error => error.Place));
        Assert.Equal(2, response.Json.GetProperty("errorCount").GetInt32());
        Assert.Null(await api.Store.FindManifestAsync("n", Cancelled));
        Assert.Empty(api.Scheduler.Scheduled);
        Assert.Equal(202, (await api.PostLinesAsync(To + "&id=n", "1\n")).Status);
    }

    [Fact]
    public async Task Lines_WithAnIdTwiceOrThatAreOneArray_AreRefused()
    {
        Assert.Equal(("line 2", "has the id \"a\", which line 1 has too: each item needs one of its own, or none."),
            (await api.PostLinesAsync(To + "&id=n&lines=items", "{\"id\":\"a\",\"body\":1}\n{\"id\":\"a\",\"body\":1}\n")).OnlyError(400));
        Assert.StartsWith(
            "The input is one JSON array, ",
            (await api.PostLinesAsync(To + "&id=n", "[1,2]\n")).Problem(400),
            StringComparison.Ordinal);
        Assert.Null(await api.Store.FindManifestAsync("n", Cancelled));
    }

    [Fact]
    public async Task Blob_OfLines_IsABatch()
    {
        var response = await api.PostJsonAsync($$"""{"id":"n","target":{"url":"{{TestApi.Url}}"},"itemsBlob":"in-1/two.jsonl"}""");
        Assert.Equal(202, response.Status);
        Assert.Equal(2, response.Json.GetProperty("items").GetInt64());
    }

    [Fact]
    public async Task Blob_ThatIsNotThere_IsNamed()
    {
        var response = await api.PostJsonAsync($$"""{"id":"n","target":{"url":"{{TestApi.Url}}"},"itemsBlob":"in-1/none.jsonl"}""");
        Assert.StartsWith("/itemsBlob is 'in-1/none.jsonl', and there is no such blob", response.Problem(400), StringComparison.Ordinal);
        Assert.Null(await api.Store.FindManifestAsync("n", Cancelled));
    }

    [Fact]
    public async Task Blob_OfEnvelopes_IsReadAsTheRequestSays()
    {
        await api.PostJsonAsync($$"""{"id":"n","target":{"url":"{{TestApi.Url}}"},"itemsBlob":"in-1/envelopes.jsonl","lines":"items"}""");
        var manifest = (await api.Store.FindManifestAsync("n", Cancelled))!;
        Assert.Equal("e1", (await api.Store.ReadItemAsync(manifest, 0, Cancelled)).Id);
    }

    static Task<Stream?> OpenBlobAsync(string path, CancellationToken cancellationToken) => Task.FromResult<Stream?>(path switch
    {
        "in-1/two.jsonl" => new MemoryStream("1\n2\n"u8.ToArray()),
        "in-1/envelopes.jsonl" => new MemoryStream("""{"id":"e1","body":1}"""u8.ToArray()),
        _ => null,
    });
}
