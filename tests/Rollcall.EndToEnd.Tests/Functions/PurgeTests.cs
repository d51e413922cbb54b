using System.Net;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs.Models;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>What is left of a batch in a storage account: nothing. And what lists find there.</summary>
[Collection(OwnAppCollection.Name)]
public sealed class PurgeTests : IAsyncLifetime
{
    const int Items = 10;

    // A process may go by a manifest for 10 s; three times that, and once more after the second sweep.
    static readonly TimeSpan IdLimit = TimeSpan.FromMinutes(3);
    static readonly TimeSpan RestLimit = TimeSpan.FromMinutes(1);

    OwnApp app = null!;
    GatedTarget target = null!;

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        target = await GatedTarget.StartAsync();
        app = await OwnApp.StartAsync(settings: ("Rollcall__ItemsPerShard", "2"));
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await target.DisposeAsync();
    }

    [Fact]
    public async Task Batch_Deleted_LeavesNoBlobAndNoHistoryAndFreesItsIdAfterAWhile()
    {
        await CompleteAsync("kept");
        await CompleteAsync("gone");
        int kept = (await BlobsAsync("kept/")).Count;
        Assert.Equal(6, (await InstancesAsync("gone")).Count);

        await Eventually.BeTrueAsync(
            "all of the batch is gone",
            RestLimit,
            async () => await DeleteAsync("gone") is HttpStatusCode.NoContent or HttpStatusCode.NotFound);

        Assert.Equal(HttpStatusCode.NotFound, (await app.Api.GetAsync("api/batches/gone")).Status);
        Assert.Empty(await BlobsAsync("gone/"));
        Assert.Equal(["deleting/gone"], (await BlobsAsync(".catalog/")).Where(name => name.Contains("gone", StringComparison.Ordinal)));
        Assert.Empty(await InstancesAsync("gone"));
        Assert.Equal(kept, (await BlobsAsync("kept/")).Count);
        Assert.Equal(6, (await InstancesAsync("kept")).Count);

        var early = await app.Api.PostAsync(Batch("gone"));
        Assert.Equal(HttpStatusCode.Conflict, early.Status);
        Assert.Contains("is being deleted", early.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await Eventually.BeTrueAsync(
            "the id is free",
            IdLimit,
            async () => (await app.Api.PostAsync(Batch("gone"))).Status == HttpStatusCode.Accepted);
        await app.Api.WaitForCompletionAsync("gone");
        Assert.Empty(await BlobsAsync(".catalog/deleting/"));
    }

    // As after a host that was ended between the write of a shard's first history and the write of its row, which the extension then cannot
    // read.
    [Fact]
    public async Task Batch_WhoseShardsHaveRowsWithoutAName_IsShownAndEndsAndIsDeleted()
    {
        target.HoldBeforeResponse();
        await app.Api.StartAsync(Batch("b"));
        await target.WaitForArrivalsAsync(1);
        Assert.NotEqual(0, await BreakShardRowsAsync("b", keepsStatus: false));

        Assert.Equal("running", (await app.Api.GetAsync("api/batches/b")).Json.GetProperty("status").GetString());
        target.Open();
        await app.Api.WaitForCompletionAsync("b");
        Assert.Equal(Enumerable.Range(0, Items), (await app.Api.DownloadResultsAsync("b")).Indexes);

        Assert.Equal(Items / 2, await BreakShardRowsAsync("b", keepsStatus: true));
        await Eventually.BeTrueAsync(
            "all of the batch is gone",
            RestLimit,
            async () => await DeleteAsync("b") is HttpStatusCode.NoContent or HttpStatusCode.NotFound);
        Assert.Empty(await InstancesAsync("b"));
    }

    [Fact]
    public async Task Batch_OlderThanTheRetention_IsDeletedByTheTimer()
    {
        await CompleteAsync("old");
        await app.Host.KillAsync();
        await app.Host.StartAgainAsync(("Rollcall__RetentionDays", "0.000001"));

        await Eventually.BeTrueAsync(
            "the batch is deleted",
            RestLimit,
            async () => (await app.Api.GetAsync("api/batches/old")).Status == HttpStatusCode.NotFound);
        await Eventually.BeTrueAsync(
            "nothing of it is left",
            RestLimit,
            async () => (await BlobsAsync("old/")).Count == 0 && (await InstancesAsync("old")).Count == 0);
        Assert.Empty((await app.Api.ListAsync()).Batches);
    }

    [Fact]
    public async Task Batch_ThatRuns_IsNotDeleted()
    {
        target.HoldBeforeResponse();
        await app.Api.StartAsync(Batch("b"));
        await target.WaitForArrivalsAsync(1);

        Assert.Equal(HttpStatusCode.Conflict, await DeleteAsync("b"));

        target.Open();
        await app.Api.WaitForCompletionAsync("b");
        Assert.Equal(Enumerable.Range(0, Items), (await app.Api.DownloadResultsAsync("b")).Indexes);
    }

    [Fact]
    public async Task Batches_OfASpan_AreListedInPages()
    {
        var created = new List<string>();
        foreach (string id in new[] { "b0", "b1", "b2", "b3" })
        {
            created.Add((await CompleteAsync(id)).GetProperty("createdAt").GetString()!);
        }

        string span = $"&since={Uri.EscapeDataString(created[0])}&until={Uri.EscapeDataString(created[3])}";
        var first = await app.Api.ListAsync($"?status=completed&limit=2{span}");
        Assert.Equal(["b2", "b1"], first.Batches.Select(IdOf));
        var second = await app.Api.ListAsync($"?status=completed&limit=2{span}&after={first.Next}");
        Assert.Equal(["b0"], second.Batches.Select(IdOf));
        Assert.Null(second.Next);
        var all = await app.Api.ListAsync("?limit=3");
        Assert.Equal(["b3", "b2", "b1"], all.Batches.Select(IdOf));
        Assert.Equal(["b0"], (await app.Api.ListAsync($"?limit=3&after={all.Next}")).Batches.Select(IdOf));
    }

    BatchDocument Batch(string id) =>
        new(target.Url)
        {
            Id = id,
            Payloads = [.. Enumerable.Range(0, Items).Select(number => Encoding.UTF8.GetBytes($"{{\"param\":\"{id}-{number}\"}}"))],
        };

    async Task<JsonElement> CompleteAsync(string id) => await app.Api.WaitForCompletionAsync(await app.Api.StartAsync(Batch(id)));

    async Task<HttpStatusCode> DeleteAsync(string id)
    {
        using var client = new HttpClient();
        using var response = await client.DeleteAsync(new Uri(app.Host.Url, $"api/batches/{id}"), Cancelled);
        return response.StatusCode;
    }

    async Task<IReadOnlyList<string>> BlobsAsync(string prefix)
    {
        var container = app.Blobs.GetBlobContainerClient("rollcall");
        return await container
            .GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, Cancelled)
            .Select(blob => blob.Name[prefix.Length..])
            .ToListAsync(Cancelled);
    }

    // Leaves what every write of the extension has, and takes what only the first one has.
    async Task<int> BreakShardRowsAsync(string id, bool keepsStatus)
    {
        var table = new TableClient(app.Azurite.ConnectionString, "RollcallInstances");
        string[] kept =
        [
            "CustomStatus",
            "ExecutionId",
            "LastUpdatedTime",
            "TaskHubName",
            .. keepsStatus ? ["RuntimeStatus", "CompletedTime"] : Array.Empty<string>(),
        ];
        var rows = await table.QueryAsync<TableEntity>(
            $"PartitionKey ge '{id}.' and PartitionKey lt '{id}/'",
            cancellationToken: Cancelled).ToListAsync(Cancelled);
        foreach (var row in rows)
        {
            var rest = new TableEntity(
                kept.Where(row.ContainsKey).ToDictionary(name => name, name => row[name]))
            {
                PartitionKey = row.PartitionKey,
                RowKey = row.RowKey
            };
            await table.UpdateEntityAsync(rest, ETag.All, TableUpdateMode.Replace, Cancelled);
        }

        return rows.Count;
    }

    // The batch's own and one for each of its shards.
    async Task<IReadOnlyList<string>> InstancesAsync(string id)
    {
        using var client = new HttpClient();
        string json = await client.GetStringAsync(
            new Uri(
                app.Host.Url,
                $"runtime/webhooks/durabletask/instances?taskHub=Rollcall&connection=Storage&code=any&instanceIdPrefix={id}"),
            Cancelled);
        return [.. JsonElement.Parse(json).EnumerateArray().Select(instance => instance.GetProperty("instanceId").GetString()!)];
    }

    static string? IdOf(JsonElement batch) => batch.GetProperty("id").GetString();
}
