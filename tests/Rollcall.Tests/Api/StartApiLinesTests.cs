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
        await api.PostLinesAsync(To + "&id=n&input=items", """{"id":"a1","body":5}""");
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
            (await api.PostLinesAsync(To + "&id=n&input=items", "{\"id\":\"a\",\"body\":1}\n{\"id\":\"a\",\"body\":1}\n")).OnlyError(400));
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
        await api.PostJsonAsync($$"""{"id":"n","target":{"url":"{{TestApi.Url}}"},"itemsBlob":"in-1/envelopes.jsonl","input":"items"}""");
        var manifest = (await api.Store.FindManifestAsync("n", Cancelled))!;
        Assert.Equal("e1", (await api.Store.ReadItemAsync(manifest, 0, Cancelled)).Id);
    }

    [Theory]
    [InlineData("&input=csv", "id,n\nx,1\ny,2\n", """{"id":"y","n":2}""")]
    [InlineData("&input=csv&csvTypes=string", "id,n\nx,1\ny,2\n", """{"id":"y","n":"2"}""")]
    [InlineData("&input=tsv", "id\tn\nx\t1\ny\t2\n", """{"id":"y","n":2}""")]
    [InlineData("&input=json&itemId=/id", """[{"id":"x"},{"id":"y"}]""", """{"id":"y"}""")]
    [InlineData("&limit=2&itemId=id", "{\"id\":\"x\"}\n{\"id\":\"y\"}\nwrong\n", """{"id":"y"}""")]
    [InlineData("&itemId=id&allowDuplicateIds=true", "{\"id\":\"y\"}\n{\"id\":\"y\"}\n", """{"id":"y"}""")]
    public async Task Body_OfAnotherFormat_IsABatchInOnePieceAndInParts(string query, string text, string second)
    {
        string more = query.Contains("itemId", StringComparison.Ordinal) ? query : query + "&itemId=id";
        Assert.Equal(202, (await api.PostLinesAsync(To + "&id=n" + more, text)).Status);
        await RequireSecondAsync("n", second);

        int half = text.Length / 2;
        await UploadAsync("p", 0, text[..half]);
        await UploadAsync("p", 1, text[half..]);
        Assert.Equal(202, (await api.PostLinesAsync(To + "&id=p&inputParts=2" + more, "")).Status);
        await RequireSecondAsync("p", second);
    }

    [Fact]
    public async Task Blob_OfCsv_IsFoundByItsNameAndReadTwice()
    {
        await api.PostJsonAsync($$"""{"id":"n","target":{"url":"{{TestApi.Url}}"},"itemsBlob":"in-1/rows.csv","itemId":"id","limit":2}""");
        await RequireSecondAsync("n", """{"id":"y","n":2}""");
    }

    async Task RequireSecondAsync(string batch, string expected)
    {
        var manifest = (await api.Store.FindManifestAsync(batch, Cancelled))!;
        Assert.Equal(2, manifest.ItemCount);
        var item = await api.Store.ReadItemAsync(manifest, 1, Cancelled);
        Assert.Equal(("y", expected), (item.Id, Encoding.UTF8.GetString(item.Payload.Span)));
    }

    Task UploadAsync(string batch, int part, string text) =>
        api.Uploads.WriteAsync(batch, part, async stream => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), Cancelled), Cancelled);

    static Task<Stream?> OpenBlobAsync(string path, CancellationToken cancellationToken) => Task.FromResult<Stream?>(path switch
    {
        "in-1/two.jsonl" => new MemoryStream("1\n2\n"u8.ToArray()),
        "in-1/rows.csv" => new MemoryStream("id,n\nx,1\ny,2\nz,x\n"u8.ToArray()),
        "in-1/envelopes.jsonl" => new MemoryStream("""{"id":"e1","body":1}"""u8.ToArray()),
        _ => null,
    });
}
