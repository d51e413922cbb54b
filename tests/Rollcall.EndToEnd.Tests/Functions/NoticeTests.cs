using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Storage.Queues;
using Rollcall.EndToEnd.Tests.Functions.Hosting;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Functions;

public sealed class NoticeTests(FunctionsFixture fixture) : SharedAppTests(fixture)
{
    [Fact]
    public async Task Batch_WithAWebhookAndAQueue_HasBothToldAndSaysSo()
    {
        await using var target = Target.Start(Responses.Echo);
        await using var receiver = Target.StartSequence(Responses.With(500, "no"), Responses.WithoutBody(204));
        const string Queue = "rollcall-notices";
        string id = await StartAsync(target.Url, $$"""{"webhook":{"url":"{{receiver.Url}}"},"queue":"{{Queue}}"}""");

        var notice = await WaitForNoticeAsync(id);

        Assert.Equal("delivered", notice.GetProperty("webhook").GetProperty("status").GetString());
        Assert.Equal(
            [500, 204],
            notice
                .GetProperty("webhook")
                .GetProperty("attempts")
                .EnumerateArray()
                .Select(attempt => attempt.GetProperty("httpStatus").GetInt32()));
        Assert.Single(receiver.Requests.Select(request => request.Headers["webhook-id"]).Distinct());
        Assert.Equal("delivered", notice.GetProperty("queue").GetProperty("status").GetString());
        var messages = await new QueueClient(Fixture.ConnectionString, Queue).PeekMessagesAsync(
            maxMessages: 32,
            TestContext.Current.CancellationToken);
        string message = Assert.Single(messages.Value).MessageText;
        Assert.All(receiver.Requests, request => Assert.Equal(message, Encoding.UTF8.GetString(request.Body.Span)));
        var data = JsonDocument.Parse(message).RootElement.GetProperty("data");
        Assert.Equal(id, data.GetProperty("id").GetString());
        Assert.Equal((await Api.GetReceiptAsync(id)).GetProperty("sha256").GetString(), data.GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Batch_WhoseWebhooksSecretCannotSign_IsCompletedAndItsNoticeSaysWhy()
    {
        await using var target = Target.Start(Responses.Echo);
        await using var receiver = Target.Start(Responses.WithoutBody(204));
        string id = await StartAsync(
            target.Url,
            $$$"""{"webhook":{"url":"{{{receiver.Url}}}","secret":"{{{FunctionsFixture.SecretName}}}"}}""");

        var webhook = (await WaitForNoticeAsync(id)).GetProperty("webhook");

        Assert.Equal("failed", webhook.GetProperty("status").GetString());
        string error = Assert.Single(webhook.GetProperty("attempts").EnumerateArray()).GetProperty("error").GetString()!;
        Assert.Contains(FunctionsFixture.SecretName, error, StringComparison.Ordinal);
        Assert.DoesNotContain(FunctionsFixture.SecretValue, error, StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
        await Api.WaitForCompletionAsync(id);
    }

    async Task<string> StartAsync(string url, string onCompleted)
    {
        string batch = $$$"""{"target":{"url":"{{{url}}}"},"items":[{"body":1},{"body":2}],"onCompleted":{{{onCompleted}}}}""";
        var response = await Api.PostAsync(Encoding.UTF8.GetBytes(batch), "application/json");
        return response.Require(HttpStatusCode.Accepted).Json.GetProperty("id").GetString()!;
    }

    async Task<JsonElement> WaitForNoticeAsync(string id)
    {
        var found = await Eventually.FindAsync($"nothing of the notice of '{id}' is pending", TimeSpan.FromMinutes(1), async () =>
            (await Api.GetAsync($"api/batches/{id}")).Require(HttpStatusCode.OK).Json is var status
                && status.TryGetProperty("notice", out var notice)
                && notice.EnumerateObject().All(way => !way.Value.GetProperty("status").ValueEquals("pending"))
                    ? new { Notice = notice }
                    : null);
        return found.Notice;
    }
}
