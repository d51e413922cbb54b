using Microsoft.AspNetCore.Http;
using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

/// <summary>Payloads that a target may refuse before it has them.</summary>
public sealed class ItemSenderLargePayloadTests
{
    static readonly byte[] Large = TestBytes.Text(8_000_000);

    [Fact]
    public async Task Payload_ThatIsRefusedByItsHeaders_IsNotSent()
    {
        await using var target = Target.StartEarly(Responses.With(413, "too large"));
        using var sender = new TestSender { MaxAttempts = 4 };
        var outcome = await sender.SendAsync(target.Url, Large);
        TestSender.AssertFailed(ItemErrorCode.HttpStatus, outcome);
        Assert.Equal((413, "too large", 1), (outcome.HttpStatus, outcome.Body?.Text, outcome.Attempts));
        Assert.Equal("100-continue", Assert.Single(target.Requests).Headers["Expect"]);
    }

    [Fact]
    public async Task Payload_ThatIsRefusedWhileItIsSent_HasTheResponseHoweverTheConnectionEnds()
    {
        var outcomes = await Task.WhenAll(RefuseAsync(413, reset: false), RefuseAsync(413, reset: true), RefuseAsync(200, reset: false));
        foreach (var outcome in outcomes[..2])
        {
            TestSender.AssertFailed(ItemErrorCode.HttpStatus, outcome);
            Assert.Equal((413, "too large", 1), (outcome.HttpStatus, outcome.Body?.Text, outcome.Attempts));
        }

        // A success is one for the whole payload.
        TestSender.AssertFailed(ItemErrorCode.NoResponse, outcomes[2]);
        Assert.Contains("200", outcomes[2].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Payload_ThatIsLarge_ArrivesWholeAtATargetThatDoesNotSayContinue()
    {
        await using var target = Target.Start(Responses.With(200, "ok"));
        using var sender = new TestSender();
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url, Large));
        Assert.True(Assert.Single(target.Requests).Body.Span.SequenceEqual(Large), "The target got other bytes than were given.");
    }

    [Fact]
    public async Task Payload_ThatIsLarge_ArrivesWholeOverHttp2()
    {
        byte[]? received = null;
        await using var target = await Http2Target.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received = body.ToArray();
        });
        using var sender = TestSender.Trusting(target.CertificateHash);
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url, Large));
        Assert.True(received.AsSpan().SequenceEqual(Large), "The target got other bytes than were given.");
    }

    [Fact]
    public async Task Payload_ThatIsRefusedByItsHeadersOverHttp2_IsNotSent()
    {
        await using var target = RawHttp2Target.StartEarly(
            stream => [.. RawHttp2Target.HeadersOf(stream, "413"), .. RawHttp2Target.LastDataOf(stream, "too large"u8)]);
        using var sender = TestSender.Trusting(target.CertificateHash);
        sender.MaxAttempts = 4;
        var outcome = await sender.SendAsync(target.Url, Large);
        TestSender.AssertFailed(ItemErrorCode.HttpStatus, outcome);
        Assert.Equal((413, "too large", 1, 1), (outcome.HttpStatus, outcome.Body?.Text, outcome.Attempts, target.RequestCount));
    }

    [Fact]
    public async Task Payload_ToATargetThatRefusesToBeAsked_IsSentWithoutAsking()
    {
        await using var target = Target.StartEarly((request, connection) =>
            Responses.With(request.Headers.ContainsKey("Expect") ? 417 : 200, "ok")(request, connection));
        using var sender = new TestSender();
        var outcome = await sender.SendAsync(target.Url, Large);
        TestSender.AssertSucceeded(outcome);
        Assert.Equal(1, outcome.Attempts);
        Assert.Equal([0, Large.Length], target.Requests.Select(r => r.Body.Length));
    }

    [Fact]
    public async Task Headers_OfAResponseThatAreLarge_AreTakenUpToTheLimit()
    {
        await using var target = Target.Start(Responses.With(200, "ok", "X-A: " + new string('a', 250_000)));
        using var sender = new TestSender();
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
    }

    [Fact]
    public async Task Headers_OfAResponseThatAreTooLarge_AreAFailureOfTheirOwnThatIsNotTriedAgain()
    {
        await using var target = Target.Start(Responses.With(200, "ok", "X-A: " + new string('a', 270_000)));
        await using var http2 = await Http2Target.StartAsync(context =>
        {
            for (int i = 0; i < 27; i++)
            {
                context.Response.Headers.Append("X-A", new string('a', 10_000));
            }

            return context.Response.WriteAsync("ok");
        });
        foreach (string url in new[] { target.Url, http2.Url })
        {
            using var sender = TestSender.Trusting(http2.CertificateHash);
            sender.MaxAttempts = 3;
            var outcome = await sender.SendAsync(url);
            TestSender.AssertFailed(ItemErrorCode.HeadersTooLarge, outcome);
            Assert.Equal("The headers of the response are larger than 256 KiB.", outcome.Error!.Message);
            Assert.Equal((1, null), (outcome.Attempts, outcome.HttpStatus));
        }
    }

    static async Task<ItemOutcome> RefuseAsync(int status, bool reset)
    {
        await using var target = Target.StartEarly(async (request, connection) =>
        {
            await connection.ReceiveAsync();
            await Responses.With(status, "too large")(request, connection);
            if (reset)
            {
                connection.Reset();
            }
        });
        using var sender = new TestSender { MaxAttempts = status == 200 ? 1 : 4 };
        return await sender.SendAsync(target.Url, Large);
    }
}
