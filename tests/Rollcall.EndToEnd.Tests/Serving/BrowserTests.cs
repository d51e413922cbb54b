using System.Net;

namespace Rollcall.EndToEnd.Tests.Serving;

/// <summary>What a web page of somebody else has a browser send to <c>rollcall serve</c>.</summary>
/// <param name="servers">Servers.</param>
public sealed class BrowserTests(ServeFixture servers) : IDisposable
{
    static readonly (HttpMethod Method, string Path)[] Routes =
    [
        (HttpMethod.Post, "batches"),
        (HttpMethod.Get, "batches"),
        (HttpMethod.Get, "batches/b"),
        (HttpMethod.Patch, "batches/b"),
        (HttpMethod.Delete, "batches/b"),
        (HttpMethod.Post, "batches/b/cancel"),
        (HttpMethod.Post, "batches/b/pause"),
        (HttpMethod.Post, "batches/b/resume"),
        (HttpMethod.Post, "batches/b/redrive"),
        (HttpMethod.Get, "batches/b/results"),
    ];

    readonly ServeRequest http = new();

    public void Dispose() => http.Dispose();

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "")]
    [InlineData("Origin", "http://127.0.0.1")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "https://HOST")]
    [InlineData("Origin", "http://HOST/")]
    [InlineData("Origin", "http://HOST.evil.example")]
    [InlineData("Origin", "http://user@HOST")]
    [InlineData("Origin", "http://localhost:PORT")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Request_OfAPageOfAnotherOrigin_IsRefusedOnEveryRoute(string name, string value)
    {
        string url = (await servers.Open).Url;
        string host = new Uri(url).Authority;
        string sent = value.Replace("HOST", host, StringComparison.Ordinal).Replace(
            "PORT",
            $"{new Uri(url).Port}",
            StringComparison.Ordinal);
        foreach (var (method, path) in Routes)
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await http.SendAsync(method, $"{url}/api/{path}", headers: (name, sent))).Status);
        }
    }

    [Theory]
    [InlineData("Origin", "http://HOST")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    public async Task Request_OfAPageOfItsOwnOrOfNone_Passes(string name, string value)
    {
        string url = (await servers.Open).Url;
        string sent = value.Replace("HOST", new Uri(url).Authority, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(HttpMethod.Get, $"{url}/api/batches", headers: (name, sent))).Status);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await http.SendAsync(HttpMethod.Post, $"{url}/api/batches/none/cancel", headers: (name, sent))).Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    public async Task Request_OfATypeThatAFormSends_IsRefused(string type)
    {
        string url = (await servers.Open).Url;
        foreach (var (method, path) in Routes.Where(route => route.Method != HttpMethod.Get))
        {
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await http.SendAsync(method, $"{url}/api/{path}", "{}", type)).Status);
        }
    }

    [Theory]
    [InlineData("rebound.example")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task Request_ToANameThatLeadsHere_IsRefusedWithAProblem(string name)
    {
        string url = (await servers.Open).Url;
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await http.SendAsync(HttpMethod.Get, $"{url}/api/batches", headers: [("Host", name), ("Origin", $"http://{name}")])).Status);
    }

    [Theory]
    [InlineData("GET", "/api/none")]
    [InlineData("PUT", "/api/batches")]
    [InlineData("GET", "/api/batches/b/items/x")]
    public async Task Request_ForWhatThereIsNot_IsAProblemWhateverIsAccepted(string method, string path)
    {
        string url = (await servers.Open).Url;
        Assert.InRange((int)(await http.SendAsync(new HttpMethod(method), url + path, headers: ("Accept", "text/csv"))).Status, 404, 405);
    }
}
