using Microsoft.Extensions.Time.Testing;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderRedirectTests
{
    [Theory]
    [InlineData(307, "/next")]
    [InlineData(308, "next?a=1")]
    public async Task Redirect_ThatKeepsTheMethod_PostsThePayloadAgain(int status, string location)
    {
        await using var target = Target.StartSequence(Responses.Redirect(status, location), Responses.Echo);
        using var sender = new TestSender { FollowRedirects = true };
        var outcome = await sender.SendAsync(target.Url, """{"n":1}""");
        TestSender.AssertSucceeded(outcome);
        Assert.Equal((200, 1, """{"n":1}"""), (outcome.HttpStatus, outcome.Attempts, outcome.Body?.Text));
        Assert.Equal(["POST / HTTP/1.1", $"POST /{location.TrimStart('/')} HTTP/1.1"], target.Requests.Select(r => r.RequestLine));
        Assert.All(target.Requests, r => Assert.Equal("application/json", r.Headers["Content-Type"]));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    public async Task Redirect_ThatDoesNotKeepTheMethod_IsAGetWithoutThePayload(int status)
    {
        await using var target = Target.StartSequence(Responses.Redirect(status, "/done"), Responses.With(200, "done"));
        using var sender = new TestSender
        {
            FollowRedirects = true,
            Headers =
            {
                ["Content-Type"] = new TargetHeader { Value = "text/x" },
                ["Content-Language"] = new TargetHeader { Value = "en" },
            },
        };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        Assert.Equal("done", outcome.Body?.Text);
        var request = target.Requests[1];
        Assert.Equal("GET /done HTTP/1.1", request.RequestLine);
        Assert.Equal(0, request.Body.Length);
        Assert.DoesNotContain(request.Headers.Keys, name => name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("batch-1-0", request.Headers["Idempotency-Key"]);
    }

    [Fact]
    public async Task Redirect_AfterOneToAGet_StaysAGet()
    {
        await using var target = Target.StartSequence(
            Responses.Redirect(303, "/a"),
            Responses.Redirect(307, "/b"),
            Responses.With(200, ""));
        using var sender = new TestSender { FollowRedirects = true };
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
        Assert.Equal(["POST / HTTP/1.1", "GET /a HTTP/1.1", "GET /b HTTP/1.1"], target.Requests.Select(r => r.RequestLine));
    }

    [Theory]
    [InlineData("//{0}/x", "/x")]
    [InlineData("?q=1", "/a/b?q=1")]
    [InlineData("#part", "/a/b")]
    [InlineData("../c/./d", "/c/d")]
    [InlineData("/é", "/%C3%A9")]
    [InlineData("HTTP://{0}/x#part", "/x")]
    public async Task Location_OfAnyForm_IsResolvedAgainstTheUrl(string location, string path)
    {
        int seen = 0;
        await using var target = Target.Start((request, connection) => Interlocked.Increment(ref seen) == 1
            ? Responses.With(
                307,
                "",
                $"Location: {string.Format(System.Globalization.CultureInfo.InvariantCulture, location, request.Headers["Host"])}")(request,
                connection)
            : Responses.Echo(request, connection));
        using var sender = new TestSender { FollowRedirects = true };
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url + "a/b"));
        Assert.Equal($"POST {path} HTTP/1.1", target.Requests[1].RequestLine);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:password@127.0.0.1/")]
    [InlineData("http://[/")]
    [InlineData("")]
    public async Task Redirect_ToWhatIsNotSentTo_IsAFailureThatSaysWhere(string location)
    {
        await using var target = Target.StartSequence(Responses.Redirect(307, "/one"), Responses.Redirect(307, location));
        using var sender = new TestSender { FollowRedirects = true, MaxAttempts = 3 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Redirect, outcome);
        Assert.StartsWith($"Redirect 1, '{target.Url}one', answered 307", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("password@", outcome.Error.Message, StringComparison.Ordinal);
        Assert.Equal((307, 1), (outcome.HttpStatus, outcome.Attempts));
        await sender.AssertBodyAsync([.. "moved"u8], outcome);
        Assert.Equal(2, target.Requests.Count);
    }

    [Theory]
    [InlineData("//user:PW@127.0.0.1/a?token=PW", "a redirect to '//127.0.0.1/a?…'")]
    [InlineData("http://user:PW@127.0.0.1/a#PW", "a redirect to 'http://127.0.0.1/a#…'")]
    [InlineData("/next?token=PW", "a redirect to '/next?…'")]
    [InlineData("ftp://u:PW@h/?PW", "a redirect to 'ftp://h/?…'")]
    public async Task Redirect_WithAPasswordOrAQuery_IsRecordedWithoutThem(string location, string shown)
    {
        await using var target = Target.StartSequence(
            Responses.Redirect(307, "/one?token=PW"),
            Responses.Redirect(307, location),
            Responses.Redirect(300, "/"));
        using var sender = new TestSender { FollowRedirects = true };
        var followed = await sender.SendAsync(target.Url + "?key=PW");
        Assert.DoesNotContain("PW", followed.Error!.Message, StringComparison.Ordinal);

        await using var first = Target.Start(Responses.Redirect(307, location));
        sender.FollowRedirects = false;
        var outcome = await sender.SendAsync(first.Url + "?key=PW");
        Assert.Contains(shown, outcome.Error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PW", outcome.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_FromHttpsToHttp_IsNotFollowed()
    {
        await using var elsewhere = Target.Start(Responses.Echo);
        await using var target = Target.StartTls(Responses.Redirect(307, elsewhere.Url));
        using var sender = TestSender.Trusting(target.CertificateHash);
        sender.FollowRedirects = true;
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Redirect, outcome);
        Assert.Contains("from https to http", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Redirect_ThatIsAChoice_IsNotFollowed()
    {
        await using var target = Target.Start(Responses.Redirect(300, "/next"));
        using var sender = new TestSender { FollowRedirects = true };
        TestSender.AssertFailed(ItemErrorCode.Redirect, await sender.SendAsync(target.Url));
        Assert.Single(target.Requests);
    }

    [Fact]
    public async Task Redirects_WithoutAnEnd_StopAfterTen()
    {
        await using var target = Target.Start(Responses.Redirect(307, "/"));
        using var sender = new TestSender { FollowRedirects = true, MaxAttempts = 3 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Redirect, outcome);
        Assert.Contains("10 redirects in a row", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(11, target.Requests.Count);
    }

    [Fact]
    public async Task Timeout_OfTheAttempt_IsForAllItsRedirectsTogether()
    {
        var time = new FakeTimeProvider();
        await using var target = Target.Start((request, connection) =>
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            return Responses.Redirect(307, "/")(request, connection);
        });
        using var sender = new TestSender(time) { FollowRedirects = true, TimeoutSeconds = 0.7 };
        TestSender.AssertFailed(ItemErrorCode.Timeout, await sender.SendAsync(target.Url));
        Assert.Equal(4, target.Requests.Count);
    }
}
