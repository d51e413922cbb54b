using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderHttp2Tests
{
    static readonly byte[] Body = TestBytes.Random(200_000);

    [Fact]
    public async Task Items_ToATargetThatSpeaksHttp2_ShareAConnectionAndAreWhole()
    {
        await using var target = await Http2Target.StartAsync(EchoAsync);
        using var sender = TestSender.Trusting(target.CertificateHash);
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url, Body));
        foreach (var outcome in await Task.WhenAll(Enumerable.Range(1, 40).Select(i => sender.SendAsync(target.Url, Body, i))))
        {
            TestSender.AssertSucceeded(outcome);
            await sender.AssertBodyAsync(Body, outcome);
        }

        Assert.Equal(Enumerable.Repeat("HTTP/2", 41), target.Protocols);
        Assert.Equal(1, target.ConnectionCount);
    }

    [Fact]
    public async Task Header_OfTheTarget_ArrivesOverHttp2()
    {
        await using var target = await Http2Target.StartAsync(
            context => context.Response.WriteAsync(context.Request.Headers["X-Tenant"].ToString()));
        using var sender = TestSender.Trusting(target.CertificateHash);
        sender.Headers["X-Tenant"] = new Rollcall.Batches.TargetHeader { Value = "a" };
        Assert.Equal("a", (await sender.SendAsync(target.Url)).Body?.Text);
    }

    [Fact]
    public async Task Stream_ThatIsResetInTheBody_IsIncompleteWithItsStartKept()
    {
        var hasRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var target = await Http2Target.StartAsync(async context =>
        {
            context.Response.ContentLength = Body.Length;
            await context.Response.Body.WriteAsync(Body.AsMemory(0, 100_000));
            await context.Response.Body.FlushAsync();
            await hasRead.Task.WaitAsync(context.RequestAborted);
            context.Features.Get<IHttpResetFeature>()!.Reset(errorCode: 2);
        });
        using var sender = TestSender.Trusting(target.CertificateHash, bodyHook: stream =>
        {
            hasRead.TrySetResult();
            return stream;
        });
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, outcome);
        Assert.Equal(200, outcome.HttpStatus);
        Assert.InRange(outcome.Body!.Bytes, ItemBody.MaxInlineBytes + 1, 100_000);
        await sender.AssertBodyAsync(Body[..(int)outcome.Body.Bytes], outcome);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public async Task Stream_ThatIsResetAfterTheRequestWasRead_IsSentOnceAnAttempt(int maxAttempts, int seen)
    {
        await using var target = await Http2Target.StartAsync(async context =>
        {
            if (context.Request.Headers["Idempotency-Key"] == "batch-1-0")
            {
                await EchoAsync(context);
                return;
            }

            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Features.Get<IHttpResetFeature>()!.Reset(errorCode: 2);
        });
        using var sender = TestSender.Trusting(target.CertificateHash);
        sender.MaxAttempts = maxAttempts;
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url, index: 0));
        var outcome = await sender.SendAsync(target.Url, index: 1);
        TestSender.AssertFailed(ItemErrorCode.NoResponse, outcome);
        Assert.Equal(1 + seen, target.Protocols.Count);
        Assert.Equal(maxAttempts, outcome.Attempts);
    }

    [Fact]
    public async Task Stream_ThatIsRefusedUntouched_IsSentAgainByTheClient()
    {
        int requests = 0;
        await using var target = await Http2Target.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            if (Interlocked.Increment(ref requests) == 2)
            {
                // REFUSED_STREAM: no part of the request was acted on (RFC 9113, section 8.7).
                context.Features.Get<IHttpResetFeature>()!.Reset(errorCode: 7);
            }
        });
        using var sender = TestSender.Trusting(target.CertificateHash);
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url, index: 0));
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url, index: 1));
        Assert.Equal(3, requests);
    }

    static async Task EchoAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.ToArray());
    }
}
