using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Api;

public sealed class ReadApiTests : IDisposable
{
    const int Items = 250;

    readonly TestApi api = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Status_BeforeDuringAndAfterARun_SaysSo()
    {
        await StartAsync();
        api.Scheduler.Executions.Clear();
        Assert.Equal("pending", (await api.StatusAsync("b")).Json.GetProperty("status").GetString());

        api.Scheduler.Executions["b"] = TestExecution.Running(new OutcomeCounts { Succeeded = 90, Failed = 10 });
        api.Time.Advance(TimeSpan.FromSeconds(10));
        var running = (await api.StatusAsync("b")).Json;
        Assert.Equal("running", running.GetProperty("status").GetString());
        Assert.Equal(100, running.GetProperty("done").GetInt64());
        Assert.Equal(10, running.GetProperty("counts").GetProperty("failed").GetInt64());
        Assert.Equal(10, running.GetProperty("itemsPerSecond").GetDouble());
        Assert.Equal(15, running.GetProperty("secondsLeft").GetDouble());
        Assert.False(running.TryGetProperty("endedAt", out _));

        api.Scheduler.Executions["b"] = TestExecution.Completed(new OutcomeCounts { Succeeded = Items }, api.Time.GetUtcNow());
        var ended = (await api.StatusAsync("b")).Json;
        Assert.Equal("completed", ended.GetProperty("status").GetString());
        Assert.Equal(Items, ended.GetProperty("done").GetInt64());
        Assert.Equal(25, ended.GetProperty("itemsPerSecond").GetDouble());
        Assert.Equal(api.Time.GetUtcNow(), ended.GetProperty("endedAt").GetDateTimeOffset());
        Assert.False(ended.TryGetProperty("secondsLeft", out _));
    }

    [Fact]
    public async Task Status_OfASealedBatchWhoseOrchestrationIsForgotten_IsThatOfTheReceipt()
    {
        await StartAsync();
        await WriteAsync(0, 1, 2);
        await SealAsync();
        api.Scheduler.Executions.Clear();
        var status = (await api.StatusAsync("b")).Json;
        Assert.Equal("completed", status.GetProperty("status").GetString());
        Assert.Equal(Items, status.GetProperty("done").GetInt64());
        Assert.Equal(3, status.GetProperty("counts").GetProperty("failed").GetInt64());
    }

    [Fact]
    public async Task Status_OfABatchWhoseOrchestrationFailed_IsRunningWithTheReasonUntilItIsRepairedOrFailsForGood()
    {
        await StartAsync();
        api.Scheduler.Executions["b"] = TestExecution.Failed(new OutcomeCounts { Succeeded = 1 }, api.Time.GetUtcNow(), "no room");
        var status = (await api.StatusAsync("b")).Json;
        Assert.Equal("running", status.GetProperty("status").GetString());
        Assert.Equal("no room", status.GetProperty("error").GetString());
        Assert.False(status.TryGetProperty("endedAt", out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Status_OfABatchThatFailedForGood_HasTheReasonAndWhatWasWrittenThoughTheOrchestrationIsForgotten(bool isForgotten)
    {
        await StartAsync();
        api.Scheduler.Executions["b"] = TestExecution.Failed(new OutcomeCounts { Succeeded = 100 }, api.Time.GetUtcNow(), "no room");
        await WriteAsync(0);
        await api.Store.WriteFailureAsync(new BatchFailure("b", 1, "no room at all", api.Time.GetUtcNow(), new OutcomeCounts { Succeeded = 100 }), Cancelled);
        if (isForgotten)
        {
            api.Scheduler.Executions.Clear();
        }

        var status = (await api.StatusAsync("b")).Json;

        Assert.Equal("failed", status.GetProperty("status").GetString());
        Assert.Equal("no room at all", status.GetProperty("error").GetString());
        Assert.Equal(100, status.GetProperty("done").GetInt64());
        Assert.Equal(api.Time.GetUtcNow(), status.GetProperty("endedAt").GetDateTimeOffset());
        Assert.Equal(100, (await api.ResultsAsync("b")).Lines.Count);
    }

    [Fact]
    public async Task Status_OfASealedBatchWhoseOrchestrationFailedAfterwards_IsThatOfTheReceipt()
    {
        await StartAsync();
        await WriteAsync(0, 1, 2);
        await SealAsync();
        api.Scheduler.Executions["b"] = TestExecution.Failed(new OutcomeCounts(), api.Time.GetUtcNow(), "The worker was lost.");
        var status = (await api.StatusAsync("b")).Json;
        Assert.Equal("completed", status.GetProperty("status").GetString());
        Assert.False(status.TryGetProperty("error", out _));
    }

    [Fact]
    public async Task Results_WhileABatchGoesOn_AreThoseOfTheFinishedShardsInOrder()
    {
        await StartAsync();
        Assert.Empty((await api.ResultsAsync("b")).Lines);
        await WriteAsync(2, 0);
        var lines = (await api.ResultsAsync("b")).Lines;
        Assert.Equal([.. Enumerable.Range(0, 100), .. Enumerable.Range(200, 50)], lines.Select(line => line.GetProperty("index").GetInt32()));
    }

    [Fact]
    public async Task Results_OfASealedBatch_AreThoseOfTheReceipt()
    {
        await StartAsync();
        await WriteAsync(0, 1, 2);
        await SealAsync();
        var answer = await api.ResultsAsync("b");
        Assert.Equal("application/x-ndjson", answer.ContentType);
        Assert.Null(api.Limits.ResponseRate);
        Assert.Equal(Enumerable.Range(0, Items), answer.Lines.Select(line => line.GetProperty("index").GetInt32()));
        string sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(answer.Body)));
        Assert.Equal(sha256, (await api.ReceiptAsync("b")).Json.GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Results_OfOneStatus_AreTheLinesOfThat()
    {
        await StartAsync();
        await WriteAsync(0, 1, 2);
        Assert.Equal([7, 107, 207], (await api.ResultsAsync("b", "?status=failed")).Lines.Select(line => line.GetProperty("index").GetInt32()));
        Assert.Equal(Items - 3, (await api.ResultsAsync("b", "?status=succeeded")).Lines.Count);
        Assert.Contains("status is 'bad': succeeded, failed, cancelled, expired are allowed", (await api.ResultsAsync("b", "?status=bad")).Problem(400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_OfASealedBatchThatLostAShard_BreakOff()
    {
        await StartAsync();
        await WriteAsync(0, 1, 2);
        await SealAsync();
        File.Delete(Path.Combine(api.Store.FolderOf("b"), "results", "000001.jsonl"));
        await Assert.ThrowsAsync<InvalidDataException>(() => api.ResultsAsync("b"));
    }

    [Fact]
    public async Task Item_WithAnOutcome_IsItsLine()
    {
        await StartAsync();
        await WriteAsync(1);
        var answer = await api.ItemAsync("b", 107);
        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal(107, Assert.Single(answer.Lines).GetProperty("index").GetInt32());
        Assert.Equal("failed", answer.Json.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(0, "Item 0 of batch 'b' has no written outcome yet.")]
    [InlineData(-1, "Batch 'b' has no item -1: its items are 0 to 249.")]
    [InlineData(250, "Batch 'b' has no item 250: its items are 0 to 249.")]
    public async Task Item_ThatIsNotThere_IsA404(long index, string detail)
    {
        await StartAsync();
        Assert.Equal(detail, (await api.ItemAsync("b", index)).Problem(404));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("..")]
    [InlineData("../catalog")]
    [InlineData("a b")]
    public async Task Batch_ThatIsNotThere_IsA404Everywhere(string id)
    {
        string expected = $"There is no batch '{id}'.";
        Assert.Equal(expected, (await api.StatusAsync(id)).Problem(404));
        Assert.Equal(expected, (await api.ResultsAsync(id)).Problem(404));
        Assert.Equal(expected, (await api.ReceiptAsync(id)).Problem(404));
        Assert.Equal(expected, (await api.ItemAsync(id, 0)).Problem(404));
    }

    [Fact]
    public async Task Receipt_OfABatchThatGoesOn_IsA404ThatSaysWhenItComes()
    {
        await StartAsync();
        Assert.Contains("it is written when the last item has its outcome", (await api.ReceiptAsync("b")).Problem(404), StringComparison.Ordinal);
    }

    async Task StartAsync()
    {
        string lines = string.Concat(Enumerable.Range(0, Items).Select(i => $"{i}\n"));
        Assert.Equal(202, (await api.PostLinesAsync($"?to={TestApi.Url}&id=b", lines)).Status);
    }

    async Task WriteAsync(params int[] shards)
    {
        var manifest = (await api.Store.FindManifestAsync("b", Cancelled))!;
        foreach (int shard in shards)
        {
            long first = manifest.FirstIndexOf(shard);
            var outcomes = Enumerable.Range(0, manifest.ItemsIn(shard)).Select(i => i == 7
                ? TestOutcome.Failed(first + i, ItemErrorCode.Timeout)
                : TestOutcome.Succeeded(first + i));
            await new WriteShard(api.Store).RunAsync(TestBatch.AnyContext, new ShardOutcomes("b", 1, shard, [.. outcomes]));
        }
    }

    Task<SealedBatch> SealAsync() => new SealBatch(api.Store, api.Controls, api.Time).RunAsync(TestBatch.AnyContext, new BatchRunAddress("b", 1));
}
