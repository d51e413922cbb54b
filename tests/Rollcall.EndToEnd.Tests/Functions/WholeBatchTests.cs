using Azure.Storage.Queues;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

public sealed class WholeBatchTests(FunctionsFixture fixture) : SharedAppTests(fixture)
{
    const int Items = 1000;

    [Fact]
    public async Task Batch_1000ItemsByHttp_HasEachResponseWholeInOrderAndAReceipt()
    {
        await using var target = await PayloadTarget.StartAsync();
        var payloads = Payload.Mixed(Items);

        string id = await Api.StartAsync(BatchDocument.Of(target.Url, payloads));

        await RequireWholeAsync(id, payloads);
        Assert.Equal(Items, target.Requests.Count);
    }

    [Fact]
    public async Task Batch_1000ItemsByQueueMessage_HasEachResponseWholeInOrderAndAReceipt()
    {
        await using var target = await PayloadTarget.StartAsync();
        var payloads = Payload.Many(Items);

        string id = await Fixture.SendAsync(BatchDocument.Of(target.Url, payloads), QueueMessageEncoding.None);

        await RequireWholeAsync(id, payloads);
        Assert.Equal(Items, target.Requests.Count);
    }

    async Task RequireWholeAsync(string id, IReadOnlyList<Payload> payloads)
    {
        var status = await Api.WaitForCompletionAsync(id);
        Assert.Equal(payloads.Count, status.GetProperty("items").GetInt32());
        Assert.Equal(payloads.Count, status.GetProperty("done").GetInt32());
        Assert.Equal(payloads.Count, status.GetProperty("counts").GetProperty("succeeded").GetInt32());

        var results = await Api.DownloadResultsAsync(id);
        results.RequireResponses(payloads);

        var receipt = await Api.GetReceiptAsync(id);
        Assert.Equal(payloads.Count, receipt.GetProperty("items").GetInt32());
        Assert.Equal(payloads.Count, receipt.GetProperty("outcomes").GetInt32());
        Assert.Equal(results.Sha256, receipt.GetProperty("sha256").GetString());
    }
}
