using System.Net;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>A batch of which a blob is not what was written, or not there.</summary>
public sealed class DamagedBlobTests(FunctionsFixture fixture) : SharedAppTests(fixture)
{
    [Theory]
    [InlineData("manifest.json", "{\"id\":")]
    [InlineData("manifest.json", null)]
    [InlineData("control.json", "null")]
    public async Task Batch_WithABlobThatCannotBeRead_IsShownListedAndDeleted(string name, string? content)
    {
        await using var target = await PayloadTarget.StartAsync();
        string id = await Api.StartAsync(BatchDocument.Of(target.Url, Payload.Many(1)));
        await Api.WaitForCompletionAsync(id);
        var blob = Fixture.Blobs.GetBlobContainerClient("rollcall").GetBlobClient($"{id}/{name}");
        await (content is null
            ? (Task)blob.DeleteAsync(cancellationToken: TestContext.Current.CancellationToken)
            : blob.UploadAsync(new BinaryData(content), overwrite: true, TestContext.Current.CancellationToken));

        var shown = await Api.GetStatusAsync(id);
        Assert.Equal("failed", shown.GetProperty("status").GetString());
        Assert.Contains(name, shown.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains((await Api.ListAsync("?limit=100")).Batches, batch => batch.GetProperty("id").ValueEquals(id));
        (await Api.ChangeAsync(id, "cancel")).RequireProblem(HttpStatusCode.Conflict);
        Assert.Contains(
            (await Api.SendAsync(HttpMethod.Delete, $"api/batches/{id}")).Status,
            (HttpStatusCode[])[HttpStatusCode.NoContent, HttpStatusCode.Accepted]);
        (await Api.GetAsync($"api/batches/{id}")).RequireProblem(HttpStatusCode.NotFound);
    }
}
