using System.Net;
using System.Text;
using System.Text.Json;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

public sealed class ReadTests(FunctionsFixture fixture) : SharedAppTests(fixture)
{
    [Fact]
    public async Task Get_ItemByIndexAndById_IsItsResultLine()
    {
        await using var target = await PayloadTarget.StartAsync();
        var payloads = Payload.Many(130);
        var lines = payloads.Select((payload, i) => $"{{\"id\":\"C {i}\",\"body\":{Encoding.UTF8.GetString(payload.ToBytes())}}}\n");
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(lines)));
        var started = await Api.PostLinesAsync(body, $"?to={Uri.EscapeDataString(target.Url)}&input=items");
        string id = started.Require(HttpStatusCode.Accepted).Json.GetProperty("id").GetString()!;
        await Api.WaitForCompletionAsync(id);

        foreach (int index in (int[])[0, 99, 100, 129])
        {
            var response = (await Api.GetAsync($"api/batches/{id}/items/{index}")).Require(HttpStatusCode.OK);
            Assert.Equal("application/json", response.ContentType);
            Assert.Equal(index, response.Json.GetProperty("index").GetInt32());
            DownloadedResults.RequireResponse(response.Json, payloads[index]);
            var found = (await Api.GetAsync($"api/batches/{id}/items?id=C%20{index}")).Require(HttpStatusCode.OK);
            Assert.Equal("application/x-ndjson", found.ContentType);
            Assert.Equal(response.Text, found.Text);
        }

        (await Api.GetAsync($"api/batches/{id}/items?id=C%20130")).RequireProblem(HttpStatusCode.NotFound);
        (await Api.GetAsync($"api/batches/{id}/items/130")).RequireProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Get_BatchWhileItRuns_IsRunningAndHasNoReceipt()
    {
        await using var target = await GatedTarget.StartAsync();
        target.HoldBeforeResponse();
        string id = await Api.StartAsync(BatchDocument.Of(target.Url, Payload.Many(5)));
        await target.WaitForArrivalsAsync(5);

        var status = (await Api.GetAsync($"api/batches/{id}")).Require(HttpStatusCode.OK).Json;

        Assert.Equal("running", status.GetProperty("status").GetString());
        Assert.Equal(5, status.GetProperty("items").GetInt32());
        Assert.Equal(0, status.GetProperty("done").GetInt32());
        Assert.Contains(await ListIdsAsync("?status=running&limit=100"), listed => listed == id);
        (await Api.GetAsync($"api/batches/{id}/receipt")).RequireProblem(HttpStatusCode.NotFound);

        target.Open();
        var ended = await Api.WaitForCompletionAsync(id);
        Assert.True(ended.GetProperty("endedAt").GetDateTimeOffset() >= ended.GetProperty("createdAt").GetDateTimeOffset());
        Assert.DoesNotContain(await ListIdsAsync("?status=running&limit=100"), listed => listed == id);
        Assert.Equal(5, (await Api.GetReceiptAsync(id)).GetProperty("outcomes").GetInt32());
    }

    [Fact]
    public async Task Get_ListInPages_IsNewestFirstWithEachBatchOnce()
    {
        await using var target = await PayloadTarget.StartAsync();
        var started = new List<string>();
        for (int i = 0; i < 3; i++)
        {
            started.Add(await Api.StartAsync(BatchDocument.Of(target.Url, Payload.Many(1))));
            await Api.WaitForCompletionAsync(started[i]);
        }

        var listed = new List<string>();
        string? next = null;
        do
        {
            var page = await Api.ListAsync($"?status=completed&limit=2{(next is null ? "" : $"&after={Uri.EscapeDataString(next)}")}");
            Assert.InRange(page.Batches.Count, 0, 2);
            listed.AddRange(page.Batches.Select(IdOf));
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(started.AsEnumerable().Reverse(), listed.Take(3));
        Assert.Equal(listed.Count, listed.Distinct().Count());
    }

    [Fact]
    public async Task Get_OpenApi_DescribesThePaths()
    {
        var document = (await Api.GetAsync("api/openapi.json")).Require(HttpStatusCode.OK).Json;

        Assert.StartsWith("3.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        string[] paths = [.. document.GetProperty("paths").EnumerateObject().Select(path => path.Name)];
        Assert.Contains(paths, path => path.EndsWith("/batches/{id}/results", StringComparison.Ordinal));
    }

    async Task<IReadOnlyList<string>> ListIdsAsync(string query) => [.. (await Api.ListAsync(query)).Batches.Select(IdOf)];

    static string IdOf(JsonElement batch) => batch.GetProperty("id").GetString()!;
}
