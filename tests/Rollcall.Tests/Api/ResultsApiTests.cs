using System.Security.Cryptography;
using Rollcall.Storage;

namespace Rollcall.Tests.Api;

public sealed class ResultsApiTests : IDisposable
{
    const int Items = 250;

    readonly TestApi api = new();

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Results_WhileABatchGoesOn_AreThoseOfTheFinishedShardsInOrder()
    {
        await api.StartBatchAsync();
        Assert.Empty((await api.ResultsAsync("b")).Lines);
        await api.WriteShardsAsync(2, 0);
        Assert.Equal([.. Enumerable.Range(0, 100), .. Enumerable.Range(200, 50)], (await api.ResultsAsync("b")).Indexes);
    }

    [Fact]
    public async Task Results_OfASealedBatch_AreThoseOfTheReceipt()
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 1, 2);
        await api.SealAsync();
        var response = await api.ResultsAsync("b");
        Assert.Equal("application/x-ndjson", response.ContentType);
        Assert.Null(api.Limits.ResponseRate);
        Assert.Equal(Enumerable.Range(0, Items), response.Indexes);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(response.Body)));
        Assert.Equal(sha256, (await api.ReceiptAsync("b")).Json.GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Results_OfOneStatus_AreTheLinesOfThat()
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 1, 2);
        Assert.Equal([7, 8, 107, 108, 207, 208], (await api.ResultsAsync("b", "?status=failed")).Indexes);
        Assert.Equal(Items - 6, (await api.ResultsAsync("b", "?status=succeeded")).Lines.Count);
        Assert.Contains(
            "status is 'bad': succeeded, failed, cancelled, expired are allowed",
            (await api.ResultsAsync("b", "?status=bad")).Problem(400),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_OfASealedBatchThatLostAShard_BreakOff()
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 1, 2);
        await api.SealAsync();
        File.Delete(Path.Combine(api.Store.FolderOf("b"), "results", "000001.jsonl"));
        await Assert.ThrowsAsync<DamagedDataException>(() => api.ResultsAsync("b"));
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("cut at the end of a line")]
    [InlineData("empty")]
    public async Task Results_OfASealedBatchWhoseShardIsDamaged_AreNeverServedAsWhole(string how)
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 1, 2);
        await api.SealAsync();
        string path = Path.Combine(api.Store.FolderOf("b"), "results", "000001.jsonl");
        byte[] whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        whole[40] ^= (byte)(how == "flipped" ? 1 : 0);
        int length = how switch
        {
            "flipped" => whole.Length,
            "empty" => 0,
            _ => whole.AsSpan(0, whole.Length / 2).LastIndexOf((byte)'\n') + 1,
        };
        await File.WriteAllBytesAsync(path, whole[..length], TestContext.Current.CancellationToken);
        await AssertDamagedAsync(() => api.ResultsAsync("b"));
        await AssertDamagedAsync(() => api.ResultsAsync("b", "?format=csv"));

        // If it is the first, nothing of the response has gone out, so that it can still be a problem.
        await AssertDamagedAsync(() => api.ResultsAsync("b", "?from=100"));
        await AssertDamagedAsync(() => api.ItemAsync("b", 199));
        Assert.Equal(Enumerable.Range(200, 50), (await api.ResultsAsync("b", "?from=200")).Indexes);
    }

    static async Task AssertDamagedAsync(Func<Task> read) => Assert.Contains(
        "Shard 1 of run 1 of batch 'b' is damaged",
        (await Assert.ThrowsAsync<DamagedDataException>(read)).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task Item_WithAnOutcome_IsItsLine()
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(1);
        var response = await api.ItemAsync("b", 107);
        Assert.Equal(200, response.Status);
        Assert.Equal("application/json", response.ContentType);
        Assert.Equal(107, Assert.Single(response.Lines).GetProperty("index").GetInt32());
        Assert.Equal("failed", response.Json.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(0, "Item 0 of batch 'b' has no written outcome yet.")]
    [InlineData(-1, "Batch 'b' has no item -1: its items are 0 to 249.")]
    [InlineData(250, "Batch 'b' has no item 250: its items are 0 to 249.")]
    public async Task Item_ThatIsNotThere_IsA404(long index, string detail)
    {
        await api.StartBatchAsync();
        Assert.Equal(detail, (await api.ItemAsync("b", index)).Problem(404));
    }
}
