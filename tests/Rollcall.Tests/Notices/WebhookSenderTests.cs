using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rollcall.Batches;
using Rollcall.Notices;
using Rollcall.Sending;
using Rollcall.Targets;

namespace Rollcall.Tests.Notices;

public sealed class WebhookSenderTests : IAsyncLifetime
{
    readonly EndedBatch batch = new();
    string? boundTo;
    readonly Dictionary<string, string> secrets = new() { [EndedBatch.SecretName] = EndedBatch.Secret };
    Notice notice = null!;

    public async ValueTask InitializeAsync()
    {
        await batch.SealAsync();
        notice = await Notice.CreateAsync(batch.Store, batch.Manifest, run: 1);
    }

    public ValueTask DisposeAsync()
    {
        batch.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Webhook_ThatResponds2xx_IsDeliveredOnceAndSignedAsAReceiverVerifies()
    {
        await using var target = Target.Start(Responses.WithoutBody(204));

        var (delivery, wait) = await SendAsync(target.Url);

        Assert.Equal((NoticeState.Delivered, null), (delivery.Status, wait));
        Assert.Equal((204, null), (delivery.Attempts.Single().HttpStatus, delivery.Attempts.Single().Error));
        var request = Assert.Single(target.Requests);
        Assert.StartsWith("POST / ", request.RequestLine, StringComparison.Ordinal);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal(notice.Body.ToArray(), request.Body.ToArray());
        Assert.Equal(notice.Id, request.Headers["webhook-id"]);
        Assert.Equal(
            batch.Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            request.Headers["webhook-timestamp"]);
        string signed =
            $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{Encoding.UTF8.GetString(request.Body.Span)}";
        byte[] expected = HMACSHA256.HashData(
            Convert.FromBase64String(EndedBatch.Secret["whsec_".Length..]),
            Encoding.UTF8.GetBytes(signed));
        Assert.Equal("v1," + Convert.ToBase64String(expected), request.Headers["webhook-signature"]);
    }

    [Fact]
    public async Task Webhook_SentAgain_HasTheSameIdAndTheTimeOfTheAttempt()
    {
        await using var target = Target.StartSequence(Responses.With(500, "broken"), Responses.WithoutBody(204));

        var (first, wait) = await SendAsync(target.Url);
        batch.Time.Advance(wait!.Value);
        var (second, _) = await SendAsync(target.Url, first.Attempts);

        Assert.Equal(NoticeState.Pending, first.Status);
        Assert.Equal(TimeSpan.FromSeconds(5.25), wait);
        Assert.Equal(NoticeState.Delivered, second.Status);
        Assert.Equal([500, 204], second.Attempts.Select(attempt => attempt.HttpStatus!.Value));
        Assert.Contains("500 Status: broken", second.Attempts[0].Error, StringComparison.Ordinal);
        Assert.Single(target.Requests.Select(request => request.Headers["webhook-id"]).Distinct());
        Assert.Equal(2, target.Requests.Select(request => request.Headers["webhook-timestamp"]).Distinct().Count());
    }

    [Fact]
    public async Task Webhook_ThatResponds410_IsNotSentAgain()
    {
        await using var target = Target.Start(Responses.With(410, ""));

        var (delivery, wait) = await SendAsync(target.Url);

        Assert.Equal((NoticeState.Failed, null), (delivery.Status, wait));
        Assert.Equal(410, delivery.Attempts.Single().HttpStatus);
        Assert.Contains("asks for no further notice", delivery.Attempts.Single().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhook_ThatRedirects_IsNotFollowed()
    {
        await using var elsewhere = Target.Start(Responses.WithoutBody(204));
        await using var target = Target.Start(Responses.Redirect(307, elsewhere.Url));

        var (delivery, wait) = await SendAsync(target.Url);

        Assert.Empty(elsewhere.Requests);
        Assert.Equal(NoticeState.Pending, delivery.Status);
        Assert.NotNull(wait);
        Assert.Contains("a redirect, which is not followed", delivery.Attempts.Single().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhook_ThatAsksForAWait_GetsIt()
    {
        await using var target = Target.Start(Responses.With(503, "later", "Retry-After: 3600"));

        var (_, wait) = await SendAsync(target.Url);

        Assert.Equal(TimeSpan.FromSeconds(3600.25), wait);
    }

    [Fact]
    public async Task Webhook_ThatIsSlow_IsGivenUpAfter20Seconds()
    {
        await using var target = Target.Start(Faults.NeverRespond);
        var sending = SendAsync(target.Url);
        await target.FirstRequest;
        batch.Time.Advance(TimeSpan.FromSeconds(19.9));
        Assert.False(sending.IsCompleted, "The attempt ended before its time limit.");

        batch.Time.Advance(TimeSpan.FromSeconds(0.1));

        var (delivery, wait) = await sending;
        Assert.Equal(NoticeState.Pending, delivery.Status);
        Assert.NotNull(wait);
        Assert.Equal("The time limit of 20 s passed before a response began.", delivery.Attempts.Single().Error);
        Assert.Equal(20_000, delivery.Attempts.Single().DurationMs);
    }

    [Fact]
    public async Task Webhook_WhoseResponseNeverEnds_IsJudgedByItsStatus()
    {
        await using var endless = Target.Start(Faults.NeverEnd(new byte[10_000]));

        var (delivery, _) = await SendAsync(endless.Url);

        Assert.Equal(NoticeState.Delivered, delivery.Status);
    }

    [Fact]
    public async Task Webhook_ThatBreaksOffOrIsNotThere_IsSentAgain()
    {
        await using var target = Target.Start(Faults.CloseWithoutResponse);
        using var closed = new ClosedPort();
        foreach (string url in new[] { target.Url, closed.Url })
        {
            var (delivery, wait) = await SendAsync(url);

            Assert.Equal(NoticeState.Pending, delivery.Status);
            Assert.NotNull(wait);
            Assert.Null(delivery.Attempts.Single().HttpStatus);
            Assert.NotNull(delivery.Attempts.Single().Error);
        }
    }

    [Fact]
    public async Task Webhook_AtAnAddressThatIsRefused_FailsWithoutARequest()
    {
        await using var target = Target.Start(Responses.WithoutBody(204));

        var (delivery, wait) = await SendAsync(target.Url, addresses: AddressCheck.Parse(""));

        Assert.Equal((NoticeState.Failed, null), (delivery.Status, wait));
        Assert.Contains("not at an address that batches may be sent to", delivery.Attempts.Single().Error, StringComparison.Ordinal);
        Assert.Empty(target.Requests);
    }

    [Theory]
    [InlineData(null, "has no webhook key")]
    [InlineData("whsec_c2hvcnQ=", "must be 'whsec_' and 24 to 64 bytes in base64")]
    public async Task Webhook_WhoseSecretIsMissingOrMalformed_FailsByNameWithoutARequest(string? value, string reason)
    {
        await using var target = Target.Start(Responses.WithoutBody(204));
        secrets.Remove(EndedBatch.SecretName);
        if (value is not null)
        {
            secrets[EndedBatch.SecretName] = value;
        }

        var (delivery, wait) = await SendAsync(target.Url);

        Assert.Equal((NoticeState.Failed, null), (delivery.Status, wait));
        Assert.Contains("'NOTICES'", delivery.Attempts.Single().Error, StringComparison.Ordinal);
        Assert.Contains(reason, delivery.Attempts.Single().Error, StringComparison.Ordinal);
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task Webhook_WhoseKeyIsBoundElsewhere_FailsByNameWithoutARequest()
    {
        await using var target = Target.Start(Responses.WithoutBody(204));
        boundTo = "hooks.example.com";

        var (delivery, wait) = await SendAsync(target.Url);

        Assert.Equal((NoticeState.Failed, null), (delivery.Status, wait));
        Assert.Contains("'NOTICES'", delivery.Attempts.Single().Error, StringComparison.Ordinal);
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task Webhook_WithoutASecret_IsSentUnsigned()
    {
        await using var target = Target.Start(Responses.WithoutBody(204));

        var (delivery, _) = await SendAsync(target.Url, secret: null);

        Assert.Equal(NoticeState.Delivered, delivery.Status);
        Assert.DoesNotContain("webhook-signature", Assert.Single(target.Requests).Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Webhook_ThatFailedForADay_HasFailed()
    {
        await using var target = Target.Start(Responses.With(500, ""));
        IReadOnlyList<NoticeAttempt> earlier = [new NoticeAttempt(batch.Time.GetUtcNow() - TimeSpan.FromDays(1), 1, 500, "no")];

        var (delivery, wait) = await SendAsync(target.Url, earlier);

        Assert.Equal((NoticeState.Failed, null), (delivery.Status, wait));
        Assert.Equal(2, delivery.Attempts.Count);
    }

    async Task<(NoticeDelivery Delivery, TimeSpan? Wait)> SendAsync(
        string url,
        IReadOnlyList<NoticeAttempt>? earlier = null,
        AddressCheck? addresses = null,
        string? secret = EndedBatch.SecretName)
    {
        using var client = SenderHttp.CreateClient(addresses);
        var sender = new NoticeSender(
            client,
            (name, url) => url.Authority == boundTo || boundTo is null ? secrets.GetValueOrDefault(name) : null,
            batch.Time,
            () => 0.5);
        return await sender.SendAsync(
            notice,
            new OnCompleted { Webhook = new CompletionWebhook(url, secret) },
            NoticeChannel.Webhook,
            earlier ?? []);
    }
}
