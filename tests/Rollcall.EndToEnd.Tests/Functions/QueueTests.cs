using System.Text;
using Azure.Storage.Queues;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

public sealed class QueueTests(FunctionsFixture fixture) : SharedAppTests(fixture)
{
    [Fact]
    public async Task Message_InBase64_RunsAsTheBatchOfTheMessagesId()
    {
        await using var target = await PayloadTarget.StartAsync();
        var payloads = Payload.Many(20);

        string messageId = await Fixture.SendAsync(BatchDocument.Of(target.Url, payloads), QueueMessageEncoding.Base64);

        await Api.WaitForCompletionAsync(messageId);
        (await Api.DownloadResultsAsync(messageId)).RequireResponses(payloads);
    }

    [Fact]
    public async Task Message_ItemsBlob_SendsEachLineOfTheBlob()
    {
        await using var target = await PayloadTarget.StartAsync();
        var payloads = Payload.Many(250);
        string blob = await Fixture.UploadAsync("payloads.jsonl", payloads.Select(payload => Encoding.UTF8.GetString(payload.ToBytes())));
        string id = $"blob-{Guid.NewGuid():N}";

        await Fixture.SendAsync(new BatchDocument(target.Url) { Id = id, ItemsBlob = blob }, QueueMessageEncoding.None);

        await Api.WaitForCompletionAsync(id);
        (await Api.DownloadResultsAsync(id)).RequireResponses(payloads);
    }

    [Fact]
    public async Task Message_ItemsBlobOfEnvelopes_GivesTheItemsIdsBack()
    {
        await using var target = await PayloadTarget.StartAsync();
        var payloads = Payload.Many(30);
        string blob = await Fixture.UploadAsync(
            "envelopes.jsonl",
            payloads.Select(payload => $"{{\"id\":\"item-{payload.Number}\",\"body\":{Encoding.UTF8.GetString(payload.ToBytes())}}}"));
        string id = $"envelopes-{Guid.NewGuid():N}";

        await Fixture.SendAsync(new BatchDocument(target.Url) { Id = id, ItemsBlob = blob, Lines = "items" }, QueueMessageEncoding.None);

        await Api.WaitForCompletionAsync(id);
        var results = await Api.DownloadResultsAsync(id);
        results.RequireResponses(payloads);
        Assert.Equal(
            payloads.Select(payload => $"item-{payload.Number}"),
            results.Lines.Select(line => line.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Message_Twice_MakesOneBatch()
    {
        await using var target = await PayloadTarget.StartAsync();
        var payloads = Payload.Many(40);
        var batch = BatchDocument.Of(target.Url, payloads) with { Id = $"twice-{Guid.NewGuid():N}" };
        int poisoned = (await Fixture.PeekPoisonAsync()).Count;

        await Fixture.SendAsync(batch, QueueMessageEncoding.None);
        await Fixture.SendAsync(batch, QueueMessageEncoding.None);
        await Api.WaitForCompletionAsync(batch.Id);
        await Fixture.WaitForEmptyQueueAsync();

        (await Api.DownloadResultsAsync(batch.Id)).RequireResponses(payloads);
        Assert.Equal(payloads.Count, target.Requests.Count);
        Assert.Equal(poisoned, (await Fixture.PeekPoisonAsync()).Count);
    }

    [Theory]
    [InlineData("this is no batch", "JSON")]
    [InlineData("""{"target":{"url":"http://127.0.0.1:9/"},"items":[{"body":1}],"timeoutSeconds":5}""", "timeoutSeconds")]
    [InlineData("""{"target":{"url":"http://127.0.0.1:9/"},"itemsBlob":"foo/../azure-webjobs-secrets/app/host.json"}""", "/itemsBlob")]
    public async Task Message_ThatCannotBeAccepted_IsInThePoisonQueueAtOnceAndListedWithTheReason(string text, string reason)
    {
        string messageId = (await Fixture.Queue().SendMessageAsync(text, TestContext.Current.CancellationToken)).Value.MessageId;

        // Far below the ten minutes and five tries that the platform gives a message which fails.
        await Eventually.BeTrueAsync("the message is in the poison queue", TimeSpan.FromSeconds(20), async () =>
            (await Fixture.PeekPoisonAsync()).Contains(text));
        var entry = await Eventually.FindAsync("the message is listed as rejected", TimeSpan.FromSeconds(20), async () =>
            (await Api.ListAsync("?status=rejected&limit=100")).Batches
                .Where(batch => batch.GetProperty("id").ValueEquals(messageId))
                .Select(batch => new { Status = batch.GetProperty("status").GetString(), Error = batch.GetProperty("error").GetString() })
                .SingleOrDefault());

        Assert.Equal("rejected", entry.Status);
        Assert.Contains(reason, entry.Error, StringComparison.Ordinal);
        await Eventually.BeTrueAsync("the log says so", TimeSpan.FromSeconds(20), () => Task.FromResult(
            Fixture.Host.Output.Contains(
                $"The queue message {messageId} starts no batch and goes to the queue 'rollcall-batches-poison': ",
                StringComparison.Ordinal)));
        await Fixture.WaitForEmptyQueueAsync();
    }
}
