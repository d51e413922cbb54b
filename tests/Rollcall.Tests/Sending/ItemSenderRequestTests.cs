using System.Text;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderRequestTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData(""" { "n" : 1.0e+5, "a":1, "a":2, "s":"\u00e9é😀" } """)]
    [InlineData("\"\"")]
    public async Task Payload_OfAnyText_ArrivesAndComesBackByteForByte(string payload)
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender();
        var outcome = await sender.SendAsync(target.Url, payload);
        byte[] bytes = Encoding.UTF8.GetBytes(payload);
        TestSender.AssertSucceeded(outcome);
        Assert.Equal(bytes, Assert.Single(target.Requests).Body.ToArray());
        await sender.AssertBodyAsync(bytes, outcome);
    }

    [Fact]
    public async Task Payload_OfAMegabyte_ArrivesAndComesBackByteForByte()
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender();
        byte[] payload = TestBytes.Random(1_000_000);
        var outcome = await sender.SendAsync(target.Url, payload);
        TestSender.AssertSucceeded(outcome);
        Assert.True(Assert.Single(target.Requests).Body.Span.SequenceEqual(payload), "The target got other bytes than were given.");
        await sender.AssertBodyAsync(payload, outcome);
    }

    [Fact]
    public async Task Request_WithoutHeaders_HasRollcallsOwn()
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender();
        await sender.SendAsync(target.Url, index: 7);
        var request = Assert.Single(target.Requests);
        Assert.Equal("POST / HTTP/1.1", request.RequestLine);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal("2", request.Headers["Content-Length"]);
        Assert.StartsWith("Rollcall/", request.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.Equal("batch-1-7", request.Headers["Idempotency-Key"]);
        Assert.Equal("gzip, deflate, br", request.Headers["Accept-Encoding"]);
        Assert.False(request.Headers.ContainsKey("Expect"), "A request that waits for 100-continue costs a round trip.");
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("gzip;q=0")]
    [InlineData("zstd, br;q=0.5")]
    public async Task AcceptEncoding_OfTheTarget_GoesOutAsItIsGiven(string value)
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender();
        sender.Headers["Accept-Encoding"] = new TargetHeader { Value = value };
        await sender.SendAsync(target.Url);
        Assert.Equal(value, Assert.Single(target.Requests).Headers["Accept-Encoding"]);
    }

    [Fact]
    public async Task Url_WithPathAndQuery_ArrivesAsItIs()
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender();
        await sender.SendAsync(target.Url + "v1/a%2Fb%20c?x=1&y=%C3%A9&z=");
        Assert.Equal("POST /v1/a%2Fb%20c?x=1&y=%C3%A9&z= HTTP/1.1", Assert.Single(target.Requests).RequestLine);
    }

    [Theory]
    [InlineData("X-Tenant", "a, b;c=\"d\"")]
    [InlineData("Content-Type", "application/vnd.example+json; charset=utf-8")]
    [InlineData("Content-Type", "not a media type")]
    [InlineData("User-Agent", "mine/1.0 (test)")]
    [InlineData("Authorization", "Bearer abc.def")]
    [InlineData("Host", "api.example.com")]
    [InlineData("Accept", "text/plain")]
    [InlineData("Content-Language", "en")]
    [InlineData("X-Empty", "")]
    public async Task Header_OfTheTarget_ArrivesOnceWithItsValue(string name, string value)
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender { Headers = { [name] = new TargetHeader { Value = value } } };
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
        Assert.Equal(value, Assert.Single(target.Requests).Headers[name]);
    }

    [Fact]
    public async Task SecretHeader_KnownToTheProcess_ArrivesWithTheSecretsValue()
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender
        {
            Headers = { ["Authorization"] = new TargetHeader { Secret = "TOKEN" } },
            Secrets = { ["TOKEN"] = "Bearer s3cret" },
        };
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
        Assert.Equal("Bearer s3cret", Assert.Single(target.Requests).Headers["Authorization"]);
    }

    [Fact]
    public async Task SecretHeader_BoundToAnotherOrigin_IsRefusedAndNothingIsSent()
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender
        {
            Headers = { ["Authorization"] = new TargetHeader { Secret = "TOKEN" } },
            Secrets = { ["TOKEN"] = "Bearer s3cret" },
            BoundTo = "api.example.com",
        };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.TargetRefused, outcome);
        Assert.Contains("'TOKEN'", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(0, target.ConnectionCount);
    }

    [Fact]
    public async Task SecretHeader_UnknownToTheProcess_IsRefusedAndNothingIsSent()
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender { Headers = { ["Authorization"] = new TargetHeader { Secret = "TOKEN" } }, MaxAttempts = 3 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.TargetRefused, outcome);
        Assert.Contains("'TOKEN'", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(0, outcome.Attempts);
        Assert.Empty(target.Requests);
    }

    [Theory]
    [InlineData("hunter2\n")]
    [InlineData("hunter2\r\nX-Other: 1")]
    [InlineData("hunter2é")]
    [InlineData("hunter2\0")]
    public async Task SecretHeader_ThatNoHeaderCanHold_IsRefusedWithoutSayingIt(string secret)
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender
        {
            Headers = { ["Authorization"] = new TargetHeader { Secret = "TOKEN" } },
            Secrets = { ["TOKEN"] = secret },
            MaxAttempts = 3,
        };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.TargetRefused, outcome);
        Assert.DoesNotContain("hunter2", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(target.Requests);
    }
}
