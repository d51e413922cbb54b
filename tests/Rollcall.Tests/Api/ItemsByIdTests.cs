using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Api;

public sealed class ItemsByIdTests : IDisposable
{
    readonly TestApi api = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Item_FoundByItsId_IsTheLineThatItsIndexGives()
    {
        await StartAsync(250);
        await WriteAsync(0, 1);
        var response = await api.ItemsAsync("b", "?id=C00107");
        Assert.Equal(200, response.Status);
        Assert.Equal("application/x-ndjson", response.ContentType);
        Assert.Equal((await api.ItemAsync("b", 107)).Body, response.Body);
        Assert.Equal("C00107", response.Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Items_FoundByTheirIds_AreInInputOrderAcrossShards()
    {
        await StartAsync(250);
        await WriteAsync(0, 1, 2);
        await api.SealAsync();
        Assert.Equal([3, 99, 100, 249], (await api.ItemsAsync("b", "?id=C00249&id=C00100&id=C00003&id=C00099&id=C00003")).Indexes);
    }

    [Fact]
    public async Task Item_OfABatchWithoutIdsInSomeItems_IsFound()
    {
        await StartAsync(["""{"body":1}""", """{"body":2}""", """{"id":"é\ud83d\ude00 &","body":3}""", """{"body":4}"""]);
        await WriteAsync(0);
        Assert.Equal([2], (await api.ItemsAsync("b", $"?id={Uri.EscapeDataString("é😀 &")}")).Indexes);
    }

    [Fact]
    public async Task Item_WithAnIdThatNoItemHas_IsA404()
    {
        await StartAsync(250);
        await WriteAsync(0, 1, 2);
        Assert.Equal(
            "Batch 'b' has no item with the id 'C00250'.", (await api.ItemsAsync("b", "?id=C00250")).Problem(404));
        Assert.Equal(
            "Batch 'b' has no item with the id 'C99999'.", (await api.ItemsAsync("b", "?id=C00001&id=C99999")).Problem(404));
        Assert.Equal("Batch 'b' has no item with the id 'c00001'.", (await api.ItemsAsync("b", "?id=c00001")).Problem(404));
    }

    [Fact]
    public async Task Item_OfABatchWithoutIds_IsA404ThatSaysSo()
    {
        await api.StartBatchAsync(3);
        Assert.Equal(
            "Batch 'b' has no item with the id 'C00001': its items have no ids.",
            (await api.ItemsAsync("b", "?id=C00001")).Problem(404));
        Assert.Equal("There is no batch 'c'.", (await api.ItemsAsync("c", "?id=C00001")).Problem(404));
    }

    [Fact]
    public async Task Item_WithoutAnOutcomeYet_IsA404WithACode()
    {
        await StartAsync(250);
        await WriteAsync(1);
        foreach (string query in (string[])["?id=C00003", "?id=C00107&id=C00003"])
        {
            var response = await api.ItemsAsync("b", query);
            Assert.Equal("Item 3 of batch 'b' has no written outcome yet.", response.Problem(404));
            Assert.Equal("no-outcome-yet", response.Json.GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task Items_ThatShareAnId_AreAllReturned()
    {
        var ids = Enumerable.Range(0, 250).Select(i => i % 100 == 7 ? "again" : $"{i}");
        await StartAsync([.. ids.Select(id => $$"""{"id":"{{id}}","body":1}""")], "&allowDuplicateIds=true");
        await WriteAsync(0, 1, 2);
        Assert.Equal([7, 107, 207], (await api.ItemsAsync("b", "?id=again")).Indexes);
    }

    [Fact]
    public async Task Items_ThatShareAnIdAndAreTooMany_AreRefused()
    {
        await StartAsync([.. Enumerable.Repeat("""{"id":"same","body":1}""", 1001)], "&allowDuplicateIds=true");
        Assert.Equal(
            "More than 1000 items of batch 'b' have these ids: ask for fewer, or read its results.",
            (await api.ItemsAsync("b", "?id=same")).Problem(400));
    }

    [Fact]
    public async Task Item_OfARedrivenBatch_IsThatOfTheRequestedRun()
    {
        await StartAsync(10);
        await api.WriteShardsAsync(0);
        await api.SealAsync();
        api.Scheduler.Executions["b"] = api.Scheduler.Executions["b"] with { EndedAt = api.Time.GetUtcNow() };
        Assert.Equal(202, (await api.ChangeAsync("b", "redrive")).Status);
        await api.WriteRedrivenAsync();
        Assert.Equal("succeeded", (await api.ItemsAsync("b", "?id=C00007")).Json.GetProperty("status").GetString());
        Assert.Equal("failed", (await api.ItemsAsync("b", "?id=C00007&run=1")).Json.GetProperty("status").GetString());
        Assert.Equal("run is '3': 1 to 2 is allowed.", (await api.ItemsAsync("b", "?id=C00007&run=3")).Problem(400));
    }

    [Theory]
    [InlineData("", "id is given 0 times: 1 to 100 ids of items are needed.")]
    [InlineData("?id=", "id is '': the id of an item has 1 to 256 characters.")]
    [InlineData("?ids=a", "ids is not known: \"run\" and \"id\" are allowed. Did you mean \"id\"?")]
    public async Task Query_ThatCannotBeUsed_IsRefused(string query, string detail)
    {
        await StartAsync(3);
        Assert.Equal(detail, (await api.ItemsAsync("b", query)).Problem(400));
    }

    [Fact]
    public async Task Ids_ThatAreTooManyOrTooLong_AreRefused()
    {
        await StartAsync(3);
        string many = "?" + string.Join('&', Enumerable.Range(0, 101).Select(i => $"id={i}"));
        Assert.Equal("id is given 101 times: 1 to 100 ids of items are needed.", (await api.ItemsAsync("b", many)).Problem(400));
        string tooLong = (await api.ItemsAsync("b", $"?id={new string('é', 257)}")).Problem(400);
        Assert.EndsWith("the id of an item has 1 to 256 characters.", tooLong, StringComparison.Ordinal);
        Assert.Equal(404, (await api.ItemsAsync("b", $"?id={new string('\uFFFF', 256)}")).Status);
    }

    [Fact]
    public async Task Item_WhoseMarkWasChanged_IsNeverNotFound()
    {
        await StartAsync(3);
        await WriteAsync(0);
        string path = await PathAsync("ids");
        byte[] whole = await File.ReadAllBytesAsync(path, Cancelled);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)(1 << (at % 8));
            await AssertDamagedAsync(path, damaged);
            await AssertDamagedAsync(path, whole[..at]);
        }

        await AssertDamagedAsync(path, [.. whole, .. whole]);
        File.Delete(path);
        Assert.Equal(
            "The index of the ids of batch 'b' is damaged: it is gone.",
            (await Assert.ThrowsAsync<DamagedDataException>(() => api.ItemsAsync("b", "?id=C00001"))).Message);
    }

    [Fact]
    public async Task Item_WhoseStoredIdWasChanged_IsNeverNotFound()
    {
        await StartAsync(3);
        await WriteAsync(0);
        await FileDamage.FlipTextAsync(await PathAsync("data"), "C00001");
        Assert.Contains(
            "The stored item 1 is damaged",
            (await Assert.ThrowsAsync<DamagedDataException>(() => api.ItemsAsync("b", "?id=C00001"))).Message,
            StringComparison.Ordinal);
    }

    async Task AssertDamagedAsync(string path, byte[] content)
    {
        await File.WriteAllBytesAsync(path, content, Cancelled);
        await Assert.ThrowsAsync<DamagedDataException>(() => api.ItemsAsync("b", "?id=C00001"));
        await Assert.ThrowsAsync<DamagedDataException>(() => api.ItemsAsync("b", "?id=none"));
    }

    async Task<string> PathAsync(string kind) => Path.Combine(
        api.Store.FolderOf("b"), $"items.{(await api.Store.FindManifestAsync("b", Cancelled))!.ItemsName}.{kind}");

    Task StartAsync(int items) => StartAsync([.. Enumerable.Range(0, items).Select(i => $$"""{"id":"C{{i:D5}}","body":{{i}}}""")]);

    async Task StartAsync(string[] lines, string query = "")
    {
        string text = string.Concat(lines.Select(line => line + "\n"));
        Assert.Equal(202, (await api.PostLinesAsync($"?to={TestApi.Url}&id=b&input=items{query}", text)).Status);
    }

    async Task WriteAsync(params int[] shards)
    {
        foreach (int shard in shards)
        {
            await api.WriteShardAsync(shard, index => TestOutcome.Succeeded(index));
        }
    }
}
