using System.Net;
using Azure.Storage.Blobs.Models;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>Blobs that are not what was written.</summary>
public sealed class DamageTests(FunctionsFixture fixture) : SharedAppTests(fixture)
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Blobs_OfWhichABitWasChanged_AreSentAgainOrNamedAndNeverSealed()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var target = Target.Start(async (request, connection) =>
        {
            var payload = Payload.Parse(request.Body.Span);
            await (payload.Number == 1 ? gate.Task : Task.CompletedTask);
            await Responses.With(200, payload.ResponseTo(request.Body.Span))(request, connection);
        });
        Payload[] payloads = [new(0, ResponseBytes: 9000), new(1), new(2)];
        string id = await Api.StartAsync(BatchDocument.Of(target.Url, payloads) with { StartAt = DateTimeOffset.UtcNow.AddSeconds(3) });

        // The last byte of the input is of the last payload; the body is the first item's, whose shard waits for the second one.
        await FlipAsync($"{id}/input/", at: ^1);
        await FlipAsync($"{id}/bodies/", at: 5000);
        gate.SetResult();
        await Api.WaitForCompletionAsync(id);

        var lines = (await Api.DownloadResultsAsync(id)).Lines;
        DownloadedResults.RequireResponse(lines[0], payloads[0]);
        DownloadedResults.RequireResponse(lines[1], payloads[1]);
        Assert.Equal("input-damaged", lines[2].GetProperty("error").GetProperty("code").GetString());
        int[] sent = [.. target.Requests.Select(request => Payload.Parse(request.Body.Span).Number).Order()];
        Assert.Equal([0, 0, 1], sent);

        await FlipAsync($"{id}/results/", at: 40);
        foreach (string path in (string[])["results", "items/1"])
        {
            var response = (await Api.GetAsync($"api/batches/{id}/{path}")).Require(HttpStatusCode.InternalServerError);
            Assert.Equal("data-damaged", response.Json.GetProperty("code").GetString());
            Assert.Contains(
                $"Shard 0 of run 1 of batch '{id}' is damaged",
                response.Json.GetProperty("detail").GetString(),
                StringComparison.Ordinal);
        }
    }

    async Task FlipAsync(string prefix, Index at)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var container = Fixture.Blobs.GetBlobContainerClient("rollcall");
        var found = await Eventually.FindAsync($"a blob '{prefix}…'", Limit, async () =>
            await container.GetBlobsAsync(
                BlobTraits.None,
                BlobStates.None,
                prefix,
                cancellationToken).FirstOrDefaultAsync(cancellationToken));
        var blob = container.GetBlobClient(found.Name);
        byte[] bytes = (await blob.DownloadContentAsync(cancellationToken)).Value.Content.ToArray();
        bytes[at] ^= 1;
        await blob.UploadAsync(new BinaryData(bytes), overwrite: true, cancellationToken);
    }
}
