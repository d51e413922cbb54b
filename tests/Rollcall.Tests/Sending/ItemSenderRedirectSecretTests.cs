using Rollcall.Batches;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

/// <summary>Which headers a redirect takes along.</summary>
public sealed class ItemSenderRedirectSecretTests
{
    [Fact]
    public async Task Redirect_WithinTheOrigin_KeepsEveryHeader()
    {
        await using var target = Target.StartSequence(Responses.Redirect(307, "/next"), Responses.Echo);
        using var sender = WithHeaders();
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
        Assert.All(target.Requests, r => Assert.Equal("s3cret", r.Headers["X-Key"]));
        Assert.All(target.Requests, r => Assert.Equal("Bearer a", r.Headers["Authorization"]));
    }

    [Fact]
    public async Task Redirect_ToAnotherOrigin_LeavesSecretsAndCredentialsBehind()
    {
        await using var elsewhere = Target.Start(Responses.Echo);
        await using var target = Target.Start(Responses.Redirect(307, elsewhere.Url));
        using var sender = WithHeaders();
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
        var headers = Assert.Single(elsewhere.Requests).Headers;
        foreach (string name in new[] { "X-Key", "Authorization", "Cookie", "Proxy-Authorization" })
        {
            Assert.True(target.Requests[0].Headers.ContainsKey(name), $"The target did not get {name}.");
            Assert.False(headers.ContainsKey(name), $"{name} was sent to another origin.");
        }

        Assert.Equal($"127.0.0.1:{elsewhere.Port}", headers["Host"]);
        Assert.Equal(("t", "text/x"), (headers["X-Tenant"], headers["Content-Type"]));
    }

    [Fact]
    public async Task Redirect_ToAnotherOrigin_HasNoSecretThatIsNotBoundThereAlsoInAPlainHeader()
    {
        await using var elsewhere = Target.Start(Responses.Echo);
        await using var target = Target.Start(Responses.Redirect(307, elsewhere.Url));
        using var sender = WithHeaders();
        sender.BoundTo = $"127.0.0.1:{target.Port}";
        sender.Headers["User-Agent"] = new TargetHeader { Secret = "KEY" };
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
        Assert.Equal(("s3cret", "text/x"), (target.Requests[0].Headers["User-Agent"], target.Requests[0].Headers["Content-Type"]));
        var headers = Assert.Single(elsewhere.Requests).Headers;
        Assert.Equal((ProductVersion.UserAgent, "application/json"), (headers["User-Agent"], headers["Content-Type"]));
    }

    [Fact]
    public async Task Redirects_AfterOneToAnotherOrigin_StayWithoutSecretsAlsoBackHome()
    {
        string back = "";
        int hops = 0;
        await using var elsewhere = Target.Start((request, connection) =>
            Responses.Redirect(307, Interlocked.Increment(ref hops) == 1 ? "/again" : back)(request, connection));
        await using var target = Target.StartSequence(
            Responses.Redirect(307, elsewhere.Url),
            Responses.Redirect(307, "/last"),
            Responses.Echo);
        back = target.Url + "back";
        using var sender = WithHeaders();
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
        Assert.Equal((3, 2), (target.Requests.Count, elsewhere.Requests.Count));
        foreach (var request in target.Requests.Skip(1).Concat(elsewhere.Requests))
        {
            Assert.False(request.Headers.ContainsKey("X-Key"), $"{request.RequestLine}, whose URL another origin chose, had the secret.");
        }
    }

    static TestSender WithHeaders() => new()
    {
        FollowRedirects = true,
        Headers =
        {
            ["X-Key"] = new TargetHeader { Secret = "KEY" },
            ["Content-Type"] = new TargetHeader { Secret = "TYPE" },
            ["Authorization"] = new TargetHeader { Value = "Bearer a" },
            ["Cookie"] = new TargetHeader { Value = "a=b" },
            ["Proxy-Authorization"] = new TargetHeader { Value = "Basic a" },
            ["Host"] = new TargetHeader { Value = "api.example.com" },
            ["X-Tenant"] = new TargetHeader { Value = "t" },
        },
        Secrets = { ["KEY"] = "s3cret", ["TYPE"] = "text/x" },
    };
}
