namespace Rollcall.Tests.Api;

/// <summary>What a request with the id of another batch is told.</summary>
public sealed class ConflictTests : IDisposable
{
    const string Webhook = """ "onCompleted":{"webhook":{"url":"http://w/"}} """;

    readonly TestApi api = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Theory]
    [InlineData("""{"url":"http://h/"}""", """[{"body":2}]""", "", "/items", "differ.")]
    [InlineData("""{"url":"http://h/"}""", """[{"body":1},{"body":1}]""", "", "/items", "are 1 in the batch, 2 in the request.")]
    [InlineData("""{"url":"http://h/"}""", """[{"id":"a","body":1}]""", "", "/items", "differ.")]
    [InlineData("""{"url":"http://h/a"}""", """[{"body":1}]""", "", "/target/url", "is http://h/ in the batch, http://h/a in the request.")]
    [InlineData("""{"url":"http://h/","headers":{"A":"b"}}""", """[{"body":1}]""", "", "/target/headers/A", "is in the request only.")]
    [InlineData(
        """{"url":"http://h/"}""",
        """[{"body":1}]""",
        ""","options":{"concurrency":8}""",
        "/options/concurrency",
        "is 64 in the batch, 8 in the request.")]
    [InlineData(
        """{"url":"http://h/"}""",
        """[{"body":1}]""",
        ""","options":{"ratePerSecond":0.5}""",
        "/options/ratePerSecond",
        "is null in the batch, 0.5 in the request.")]
    [InlineData(
        """{"url":"http://h/"}""",
        """[{"body":1}]""",
        ""","options":{"retry":{"maxAttempts":3}}""",
        "/options/retry/maxAttempts",
        "is 4 in the batch, 3 in the request.")]
    [InlineData(
        """{"url":"http://h/"}""",
        """[{"body":1}]""",
        ""","options":{"retry":{"onTimeout":false}}""",
        "/options/retry/onTimeout",
        "is true in the batch, false in the request.")]
    [InlineData(
        """{"url":"http://h/"}""",
        """[{"body":1}]""",
        ""","options":{"followRedirects":true}""",
        "/options/followRedirects",
        "is false in the batch, true in the request.")]
    [InlineData(
        """{"url":"http://h/"}""",
        """[{"body":1}]""",
        ""","startAt":"2026-01-03T00:00:00+01:00" """,
        "/startAt",
        "is none in the batch, 2026-01-02T23:00:00Z in the request.")]
    [InlineData("""{"url":"http://h/"}""", """[{"body":1}]""", "," + Webhook, "/onCompleted/webhook/url", "differs.")]
    public async Task Batch_WithTheIdOfAnother_IsAConflictThatNamesTheDifference(
        string target, string items, string more, string field, string message)
    {
        await api.PostJsonAsync("""{"id":"x","target":{"url":"http://h/"},"items":[{"body":1}]}""");
        var response = await api.PostJsonAsync($$"""{"id":"x","target":{{target}},"items":{{items}}{{more}}}""");
        Assert.Equal(($"pointer {field}", message), response.OnlyError(409));
        Assert.Equal($"There is a batch 'x' already, and it is another: {field} {message} Use another id.", response.Problem(409));
        Assert.Single(api.Scheduler.Scheduled);
        Assert.Equal(1, (await api.Store.FindManifestAsync("x", Cancelled))!.ItemCount);
    }

    [Theory]
    [InlineData("http://h/?sig=other", "http://w/?t=TOKEN-1", "differs.", null)]
    [InlineData("http://h/?sig=SIG-1", "http://w/?t=other", null, "differs.")]
    [InlineData("http://h/a?sig=other", "http://w/?t=TOKEN-1", "is http://h/?… in the batch, http://h/a?… in the request.", null)]
    public async Task Conflict_InUrls_ShowsNoQueryAndNothingOfTheWebhook(string url, string webhook, string? ofUrl, string? ofWebhook)
    {
        Assert.Equal(202, (await PostAsync("http://h/?sig=SIG-1", "http://w/?t=TOKEN-1")).Status);
        var response = await PostAsync(url, webhook);
        Assert.Equal(
            [
                .. ofUrl is null ? [] : new[] { ("pointer /target/url", ofUrl) },
                .. ofWebhook is null ? [] : new[] { ("pointer /onCompleted/webhook/url", ofWebhook) },
            ],
            response.Errors(409));
        Assert.DoesNotContain("SIG-1", response.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("TOKEN-1", response.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("http://w", response.Body, StringComparison.Ordinal);

        Task<TestResponse> PostAsync(string to, string hook) =>
            api.PostJsonAsync(
                $$$"""{"id":"x","onCompleted":{"webhook":{"url":"{{{hook}}}"} },"target":{"url":"{{{to}}}"},"items":[{"body":1}]}""");
    }

    [Fact]
    public async Task Conflict_InSeveralFields_NamesAllWithoutTheValuesOfHeaders()
    {
        await api.PostJsonAsync(
            """
            {"id":"x","target":{"url":"http://h/","headers":{"A":"s3cr3t","B":"s3cr3t","C":{"secret":"c"}}},
            "items":[{"body":1}],"options":{"concurrency":9}}
            """);
        var response = await api.PostJsonAsync(
            """
            {"id":"x","target":{"url":"http://h/","headers":{"a":"s3cr3t2","C":{"secret":"d"}}},
            "items":[{"body":1}],"options":{"timeoutSeconds":5}}
            """);
        Assert.Equal(
            [
                ("pointer /target/headers/A", "differs."),
                ("pointer /target/headers/B", "is in the batch only."),
                ("pointer /target/headers/C", "differs."),
                ("pointer /options/concurrency", "is 9 in the batch, 64 in the request."),
                ("pointer /options/timeoutSeconds", "is 100 in the batch, 5 in the request."),
            ],
            response.Errors(409));
        Assert.Equal("There is a batch 'x' already, and 5 things differ. Use another id.", response.Problem(409));
        Assert.DoesNotContain("s3cr3t", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conflict_InManyHeaders_NamesTheFirstAndCountsAll()
    {
        await api.PostJsonAsync("""{"id":"x","target":{"url":"http://h/"},"items":[{"body":1}]}""");
        string headers = string.Join(',', Enumerable.Range(0, 30).Select(i => $"\"H{i}\":\"v\""));
        var response = await api.PostJsonAsync(
            """{"id":"x","items":[{"body":1}],"target":{"url":"http://h/","headers":{""" + headers + "}}}");
        Assert.Equal(20, response.Errors(409).Count);
        Assert.Equal(30, response.Json.GetProperty("errorCount").GetInt32());
    }

    [Fact]
    public async Task Batch_WithTheSameHeadersInAnotherOrderAndTimeInAnotherOffset_IsTheSame()
    {
        Assert.Equal(
            202,
            (
                await api.PostJsonAsync(
                    """
                    {"id":"x","target":{"url":"http://h/","headers":{"A":"1","B":"2"}},"items":[{"body":1}],
                    "startAt":"2026-01-03T00:00:00Z"}
                    """)).Status);
        Assert.Equal(
            200,
            (
                await api.PostJsonAsync(
                    """
                    {"id":"x","target":{"url":"http://h/","headers":{"b":"2","A":"1"}},"items":[{"body":1}],
                    "startAt":"2026-01-03T01:00:00+01:00"}
                    """)).Status);
    }
}
