using System.Text;

namespace Rollcall.Tests.Api;

/// <summary>What request is made of each item, as a start of a batch says it.</summary>
public sealed class TargetPartsTests : IDisposable
{
    readonly TestApi api = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Json_WithTemplates_StoresEachItemsRequest()
    {
        var response = await api.PostJsonAsync(
            """
            {"id":"b","target":{"url":"http://127.0.0.1:9/c/{{id}}","method":"PUT","query":{"p":"{{plan}}"},
             "headers":{"X-Plan":"{{plan}}","X-Fixed":"f"},"body":"{\"name\":\"{{name}}\"}"},
             "items":[{"body":{"id":1,"plan":"a&b","name":"\"A\""}},{"body":{"id":2,"plan":"c","name":"B"}}]}
            """);
        Assert.Equal(202, response.Status);
        var manifest = (await api.Store.FindManifestAsync("b", Cancelled))!;
        Assert.Equal(("PUT", "f"), (manifest.Target.Method, Assert.Single(manifest.Target.Headers).Value.Value));
        var item = await api.Store.ReadItemAsync(manifest, 0, Cancelled);
        Assert.Equal("http://127.0.0.1:9/c/1?p=a%26b", item.Head!.Url);
        Assert.Equal("a&b", item.Head.Headers!["X-Plan"]);
        Assert.Equal("""{"name":"\"A\""}""", Encoding.UTF8.GetString(item.Payload.Span));
        Assert.Equal("http://127.0.0.1:9/c/2?p=c", (await api.Store.ReadItemAsync(manifest, 1, Cancelled)).Head!.Url);
    }

    [Fact]
    public async Task Lines_WithTemplates_StoreEachItemsRequest()
    {
        var response = await api.PostLinesAsync(
            "?to=http%3A%2F%2F127.0.0.1%3A9%2Fc%2F%7B%7Bid%7D%7D&id=b&method=PATCH",
            "{\"id\":1}\n{\"id\":2}\n",
            ("X-Rollcall-Request", """{"form":{"a":"{{id}}","b":"\u00e9"}}"""),
            ("X-Rollcall-Header-X-Id", "{{id}}"));
        Assert.Equal(202, response.Status);
        var manifest = (await api.Store.FindManifestAsync("b", Cancelled))!;
        var item = await api.Store.ReadItemAsync(manifest, 1, Cancelled);
        Assert.Equal(("http://127.0.0.1:9/c/2", "PATCH"), (item.Head!.Url, manifest.Target.Method));
        Assert.Equal("a=2&b=%C3%A9", Encoding.UTF8.GetString(item.Payload.Span));
        Assert.Equal(
            ("2", "application/x-www-form-urlencoded"),
            (item.Head.Headers!["X-Id"], item.Head.Headers["Content-Type"]));
    }

    [Fact]
    public async Task Json_WithItemsThatAreRequests_StoresEachOfThem()
    {
        Assert.Equal(202, (await api.PostJsonAsync(
            """
            {"id":"b","target":{"url":"http://127.0.0.1:9/a/"},"items":[
              {"id":"x","method":"put","url":"b","text":"t"},{"custom_id":"y","url":"/c"},{"body":1}]}
            """)).Status);
        var manifest = (await api.Store.FindManifestAsync("b", Cancelled))!;
        var items = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => api.Store.ReadItemAsync(manifest, i, Cancelled).AsTask()));
        Assert.Equal(["x", "y", null], items.Select(item => item.Id));
        Assert.Equal(["http://127.0.0.1:9/a/b", "http://127.0.0.1:9/c", null], items.Select(item => item.Head?.Url));
        Assert.Equal(("PUT", "t"), (items[0].Head!.Method, Encoding.UTF8.GetString(items[0].Payload.Span)));
        Assert.False(items[1].Head!.HasBody);
    }

    [Theory]
    [InlineData("""{"url":"ftp://h/"}""", "/items/0", "has the URL 'ftp://h/', whose scheme is 'ftp'")]
    [InlineData("""{"url":"/a","text":"a","base64":"YQ=="}""", "/items/0", "has a request whose \"base64\" is there beside \"text\"")]
    [InlineData("""{"url":"/a","file":"a"}""", "/items/0", "has a request whose \"file\" is not allowed here")]
    [InlineData("""{"bodi":1}""", "/items/0/bodi", "is not known: ")]
    public async Task Json_WithAnItemThatIsNoRequest_IsRefusedWithItsPlace(string item, string place, string error)
    {
        var errors = (await api.PostJsonAsync("""{"id":"b","target":{"url":"http://h/"},"items":[""" + item + "]}")).Errors(400);
        Assert.Equal($"pointer {place}", errors[0].Place);
        Assert.StartsWith(error, errors[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "requests",
        """{"custom_id":"r1","method":"POST","url":"/v1/chat","body":{"a":1}}""",
        "http://127.0.0.1:9/v1/chat",
        "POST",
        true)]
    [InlineData("urls", "/x?y=1", "http://127.0.0.1:9/x?y=1", null, false)]
    public async Task Input_WithRequestsOfItsOwn_IsResolvedAgainstTheTarget(
        string input, string line, string url, string? method, bool hasBody)
    {
        Assert.Equal(202, (await api.PostLinesAsync($"?to=http%3A%2F%2F127.0.0.1%3A9%2F&id=b&input={input}", line + "\n")).Status);
        var manifest = (await api.Store.FindManifestAsync("b", Cancelled))!;
        var head = (await api.Store.ReadItemAsync(manifest, 0, Cancelled)).Head;
        Assert.Equal((url, method, hasBody), (head!.Url, head.Method, head.HasBody));
    }

    [Theory]
    [InlineData("\"url\":\"http://h/{{no}}\"", "/items/0", "has no value for {{no}}.")]
    [InlineData("\"url\":\"http://h/{{id\"", "/target", "is not allowed: The target's URL is not a template: ")]
    [InlineData("\"url\":\"http://h/\",\"method\":\"put\"", "/target/method", "is 'put': a method in capitals such as ")]
    [InlineData("\"url\":\"http://h/\",\"method\":\"TRACE\"", "/target/method", "is TRACE, which cannot be sent")]
    [InlineData("\"url\":\"http://h/\",\"form\":{\"f\":\"@/etc/passwd\"}", "/target", "is not allowed: The target's form names a file")]
    [InlineData("\"url\":\"http://h/\",\"form\":{\"f\":\"1\"},\"body\":\"1\"", "/target", "is not allowed: The target has both a body")]
    [InlineData("\"url\":\"http://h/\",\"contentType\":\"text/x\"", "/target", "is not allowed: The target has a content type and no")]
    [InlineData("\"url\":\"http://h/\",\"query\":[]", "/target/query", "is an array: an object of names and templates is needed.")]
    [InlineData("\"url\":\"http://h/\",\"body\":1", "/target/body", "is 1: a string, the template of the body, is needed.")]
    public async Task Json_WithPartsThatCannotBeUsed_IsRefusedWithTheirPlace(string target, string place, string error)
    {
        var (field, message) = (
            await api.PostJsonAsync("{\"id\":\"b\",\"target\":{" + target + "},\"items\":[{\"body\":{\"id\":1}}]}")).OnlyError(400);
        Assert.Equal($"pointer {place}", field);
        Assert.StartsWith(error, message, StringComparison.Ordinal);
        Assert.Null(await api.Store.FindManifestAsync("b", Cancelled));
    }

    [Theory]
    [InlineData("{", "is not JSON: ")]
    [InlineData("""{"bdy":"1"}""", "/bdy is not known: ")]
    public async Task Lines_WithPartsThatCannotBeRead_AreRefused(string parts, string error)
    {
        var (place, message) = (
            await api.PostLinesAsync("?to=http%3A%2F%2Fh%2F&id=b", "1\n", ("X-Rollcall-Request", parts))).OnlyError(400);
        Assert.Equal("header X-Rollcall-Request", place);
        Assert.StartsWith(error, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_WithOtherTemplatesUnderTheSameId_IsAConflict()
    {
        const string First = """{"id":"b","target":{"url":"http://h/","body":"1"},"items":[{"body":{}}]}""";
        Assert.Equal(202, (await api.PostJsonAsync(First)).Status);
        Assert.Equal(200, (await api.PostJsonAsync(First)).Status);
        Assert.Equal(409, (await api.PostJsonAsync(First.Replace("\"body\":\"1\"", "\"body\":\"2\"", StringComparison.Ordinal))).Status);
    }
}
