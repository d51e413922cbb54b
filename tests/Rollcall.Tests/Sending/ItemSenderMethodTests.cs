using System.Text;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderMethodTests
{
    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("QUERY")]
    public async Task Request_OfAMethodWithABody_HasMethodAndPayload(string method)
    {
        await using var target = Target.StartSequence(Responses.Echo);
        using var sender = new TestSender { Method = method };
        var outcome = await sender.SendAsync(target.Url, """{"n":1}""");
        TestSender.AssertSucceeded(outcome);
        var request = Assert.Single(target.Requests);
        Assert.Equal($"{method} / HTTP/1.1", request.RequestLine);
        Assert.Equal("""{"n":1}""", Encoding.UTF8.GetString(request.Body.Span));
        Assert.Equal("application/json", request.Headers["Content-Type"]);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task Request_WithoutABody_HasNoneAndNoContentType(string method)
    {
        await using var target = Target.StartSequence(Responses.With(200, "here"));
        using var sender = new TestSender { Head = new RequestHead(method, HasBody: false) };
        var outcome = await sender.SendAsync(target.Url, """{"n":1}""");
        TestSender.AssertSucceeded(outcome);
        Assert.Equal("here", outcome.Body?.Text);
        var request = Assert.Single(target.Requests);
        Assert.Equal($"{method} / HTTP/1.1", request.RequestLine);
        Assert.Equal(0, request.Body.Length);
        Assert.DoesNotContain("Content-Type", request.Headers.Keys);
        Assert.Equal("batch-1-0", request.Headers["Idempotency-Key"]);
    }

    [Theory]
    [InlineData("Content-Length: 5")]
    [InlineData("Content-Length: 5\r\nContent-Encoding: gzip")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task Head_WhoseResponseNamesABodyThatAGetWouldHave_SucceedsWithoutOne(string header)
    {
        await using var target = Target.StartSequence(Responses.WithHead($"HTTP/1.1 200 OK\r\n{header}\r\n\r\n", default));
        using var sender = new TestSender { Head = new RequestHead("HEAD", HasBody: false) };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        Assert.Equal(0, outcome.Body?.Bytes);
        Assert.Null(outcome.ContentEncoding);
        Assert.Equal("HEAD / HTTP/1.1", Assert.Single(target.Requests).RequestLine);
    }

    [Fact]
    public async Task Item_WithAUrlAndHeadersOfItsOwn_IsSentThereWithThem()
    {
        await using var target = Target.StartSequence(Responses.Echo);
        using var sender = new TestSender
        {
            Headers = { ["X-One"] = new TargetHeader { Value = "target" }, ["X-Two"] = new TargetHeader { Value = "target" } },
            Head = new RequestHead(
                "PUT",
                $"{target.Url}items/7?a=b",
                new Dictionary<string, string> { ["x-one"] = "item", ["Content-Type"] = "text/plain" }),
        };
        TestSender.AssertSucceeded(await sender.SendAsync("http://127.0.0.1:1/", "text"));
        var request = Assert.Single(target.Requests);
        Assert.Equal("PUT /items/7?a=b HTTP/1.1", request.RequestLine);
        Assert.Equal(
            ("item", "target", "text/plain"),
            (request.Headers["X-One"], request.Headers["X-Two"], request.Headers["Content-Type"]));
    }

    [Fact]
    public async Task Item_WhoseUrlIsOfAnotherOrigin_DoesNotGetASecretOfTheTarget()
    {
        await using var target = Target.StartSequence(Responses.Echo);
        using var sender = new TestSender
        {
            BoundTo = "api.example.com",
            Headers = { ["Authorization"] = new TargetHeader { Secret = "KEY" } },
            Secrets = { ["KEY"] = "secret" },
            Head = new RequestHead(Url: target.Url),
        };
        var outcome = await sender.SendAsync("http://api.example.com/");
        Assert.Equal(ItemErrorCode.TargetRefused, outcome.Error?.Code);
        Assert.Empty(target.Requests);
    }

    [Theory]
    [InlineData("PUT", 301, "PUT")]
    [InlineData("PUT", 302, "PUT")]
    [InlineData("DELETE", 307, "DELETE")]
    [InlineData("PUT", 303, "GET")]
    [InlineData("HEAD", 303, "HEAD")]
    [InlineData("GET", 302, "GET")]
    public async Task Redirect_OfAnyMethod_IsFollowedAsTheRfcSays(string method, int status, string next)
    {
        // RFC 9110, section 15.4.
        await using var target = Target.StartSequence(
            Responses.WithHead($"HTTP/1.1 {status} Moved\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n", default),
            Responses.WithHead("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", default));
        bool hasBody = method is "PUT" or "DELETE";
        using var sender = new TestSender { FollowRedirects = true, Head = new RequestHead(method, HasBody: hasBody) };
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url, "{}"));
        Assert.Equal($"{next} /next HTTP/1.1", target.Requests[1].RequestLine);
        Assert.Equal(hasBody && next == method ? 2 : 0, target.Requests[1].Body.Length);
    }
}
