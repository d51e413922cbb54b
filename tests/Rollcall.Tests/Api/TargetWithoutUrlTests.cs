using Rollcall.Tests.Building;

namespace Rollcall.Tests.Api;

/// <summary>Batches whose target has no URL, because each item has an absolute one.</summary>
public sealed class TargetWithoutUrlTests : IDisposable
{
    const string Needed = "is missing: an absolute http:// or https:// URL is needed";

    const string NoTo = ", and there is no --to (target.url) to resolve it against.";

    readonly TestApi api = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Json_WithAbsoluteUrlsInItsItems_NeedsNoUrl()
    {
        const string Json = """
            {"id":"b","target":{"query":{"q":"1"}},"items":[{"url":"http://h/a"},{"method":"PUT","url":"https://i/b","body":1}]}
            """;
        Assert.Equal(202, (await api.PostJsonAsync(Json)).Status);
        Assert.Equal(["http://h/a?q=1", "https://i/b?q=1"], await UrlsAsync(2));
        Assert.False((await api.StatusAsync("b")).Json.TryGetProperty("target", out _), "A target without a URL is shown.");
        Assert.Equal(200, (await api.PostJsonAsync(Json)).Status);
        Assert.Contains(
            ("pointer /target/url", "is none in the batch, http://h/ in the request."),
            (await api.PostJsonAsync(Json.Replace("\"target\":{", "\"target\":{\"url\":\"http://h/\",", StringComparison.Ordinal)))
                .Errors(409));
    }

    [Theory]
    [InlineData("urls", "http://h/a\nhttp://h/b\n")]
    [InlineData("requests", "{\"url\":\"http://h/a\"}\n{\"url\":\"http://h/b\",\"body\":1}\n")]
    public async Task Lines_WithAbsoluteUrls_NeedNoTo(string input, string lines)
    {
        Assert.Equal(202, (await api.PostLinesAsync($"?id=b&input={input}", lines)).Status);
        Assert.Equal(["http://h/a", "http://h/b"], await UrlsAsync(2));
    }

    [Theory]
    [InlineData("urls", "http://h/a\n/b?k=s3cr3t\n", $"has the relative URL '/b?…'{NoTo}")]
    [InlineData("requests", "{\"url\":\"http://h/a\"}\n{\"body\":1}\n", "has no URL, and there is no --to (target.url) to send it to.")]
    public async Task Lines_WithAnItemThatNeedsTo_AreRefusedWithItsLine(string input, string lines, string message) =>
        Assert.Equal(("line 2", message), (await api.PostLinesAsync($"?id=b&input={input}", lines)).OnlyError(400));

    [Theory]
    [InlineData("lines")]
    [InlineData("items")]
    [InlineData("csv")]
    public async Task Lines_OfAFormatWithoutUrls_NeedTo(string input) => Assert.Equal(
        ("parameter to", "is missing: the http or https URL to send to is needed."),
        (await api.PostLinesAsync($"?input={input}", "1\n")).OnlyError(400));

    [Theory]
    [InlineData("""{"url":"/b"}""", "/items/1", $"has the relative URL '/b'{NoTo}")]
    [InlineData("""{"body":1}""", "/target/url", $"{Needed}, because /items/1 has none of its own.")]
    [InlineData("""{"method":"PUT"}""", "/target/url", $"{Needed}, because /items/1 has none of its own.")]
    public async Task Json_WithAnItemThatNeedsTheUrl_IsRefusedWithItsPlace(string item, string place, string message) => Assert.Equal(
        ($"pointer {place}", message),
        (await api.PostJsonAsync("{\"target\":{},\"items\":[{\"url\":\"http://h/a\"}," + item + "]}")).OnlyError(400));

    [Fact]
    public async Task Json_WithOtherErrorsToo_HasThemAll() => Assert.Equal(
        ["pointer /items/0/bdy", "pointer /items/0/body", "pointer /options/x", "pointer /target/url"],
        (await api.PostJsonAsync("""{"target":{},"items":[{"bdy":1},{"body":1}],"options":{"x":1}}""")).Errors(400)
            .Select(error => error.Place).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("in-1/a.txt", "http://h/a\n", null, null)]
    [InlineData("in-1/a.txt", "/a\n", "line 1", $"has the relative URL '/a'{NoTo}")]
    [InlineData("in-1/a.jsonl", "1\n", "line 1", "has no URL, and there is no --to (target.url) to send it to.")]
    public async Task Blob_WhoseLinesHaveAbsoluteUrls_NeedsNoUrl(string blob, string lines, string? place, string? message)
    {
        using var other = new TestApi(TestGrants.WithStorage(
            (_, _) => Task.FromResult<Stream?>(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(lines)))));
        var response = await other.PostJsonAsync("{\"target\":{},\"itemsBlob\":\"" + blob + "\"}");
        if (message is null)
        {
            Assert.Equal(202, response.Status);
            return;
        }

        Assert.Equal((place, message), response.OnlyError(400));
        Assert.Equal(
            ("pointer /target/url", $"{Needed}."),
            (await other.PostJsonAsync("{\"target\":{},\"input\":\"csv\",\"itemsBlob\":\"" + blob + "\"}")).OnlyError(400));
    }

    [Fact]
    public async Task Secret_OfATargetWithoutUrl_GoesOnlyToItsOrigins()
    {
        using var other = new TestApi(new()
        {
            Secrets = TestGrants.Secrets(("Secrets:BOUND", "v"), ("Secrets:BOUND:Origins", "https://api.example.com")),
        });
        async Task<TestResponse> PostAsync(string url) => await other.PostLinesAsync(
            "?input=urls", $"https://api.example.com/a\n{url}\n", ("X-Rollcall-Secret-Authorization", "BOUND"));

        Assert.Equal(202, (await PostAsync("https://api.example.com/b")).Status);
        Assert.Equal(
            ("line 2", "is not allowed: The server has no secret 'BOUND'. One that may go to https://attacker.example is needed."),
            (await PostAsync("https://attacker.example/")).OnlyError(400));
    }

    async Task<string[]> UrlsAsync(int items)
    {
        var manifest = (await api.Store.FindManifestAsync("b", Cancelled))!;
        var stored = await Task.WhenAll(Enumerable.Range(0, items).Select(i => api.Store.ReadItemAsync(manifest, i, Cancelled).AsTask()));
        return [.. stored.Select(item => item.Head!.Url!)];
    }
}
