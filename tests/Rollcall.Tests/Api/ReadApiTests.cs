using Rollcall.Batches;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Api;

public sealed class ReadApiTests : IDisposable
{
    const int Items = 250;

    readonly TestApi api = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Status_OfADamagedBatch_ShowsNoQueryOfItsTarget()
    {
        await api.PostLinesAsync($"?to={Uri.EscapeDataString(TestApi.Url + "?key=s3cr3t")}&id=b", "1\n");
        await api.ChangeAsync("b", "pause");
        await File.WriteAllTextAsync(Path.Combine(api.Store.FolderOf("b"), "control.json"), "{", TestContext.Current.CancellationToken);

        var shown = await api.StatusAsync("b");

        Assert.Contains("control.json", shown.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", shown.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_OfATargetWithAQuery_AndTheList_DoNotShowIt()
    {
        await api.PostJsonAsync("""{"id":"x","target":{"url":"http://h/a?sig=PW"},"items":[{"body":1}]}""");
        var status = await api.StatusAsync("x");
        Assert.Equal("http://h/a?…", status.Json.GetProperty("target").GetString());
        Assert.DoesNotContain("PW", status.Body + (await api.ListAsync()).Body, StringComparison.Ordinal);
        Assert.Equal("http://h/a?sig=PW", (await api.Store.FindManifestAsync("x", Cancelled))!.Target.Url);
    }

    [Fact]
    public async Task Status_BeforeDuringAndAfterARun_SaysSo()
    {
        await api.StartBatchAsync();
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
    public async Task Rate_OfABatchThatWasCancelled_IsThatOfTheItemsThatWereSent()
    {
        await api.StartBatchAsync();
        api.Time.Advance(TimeSpan.FromSeconds(10));
        api.Scheduler.Executions["b"] = TestExecution.Completed(
            new OutcomeCounts { Succeeded = 90, Failed = 10, Cancelled = 120, Expired = 30 },
            api.Time.GetUtcNow());
        Assert.Equal(10, (await api.StatusAsync("b")).Json.GetProperty("itemsPerSecond").GetDouble());
    }

    [Fact]
    public async Task Rate_OfARedrive_IsThatOfTheItemsThatItSent()
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 1, 2);
        await api.SealAsync();
        api.Scheduler.Executions["b"] = TestExecution.Completed(new OutcomeCounts { Succeeded = 244, Failed = 6 }, api.Time.GetUtcNow());
        Assert.Equal(202, (await api.ChangeAsync("b", "redrive")).Status);
        api.Time.Advance(TimeSpan.FromSeconds(10));
        api.Scheduler.Executions["b"] = TestExecution.Running(new OutcomeCounts { Succeeded = 249, Failed = 1 }, run: 2, sent: 5);
        var status = (await api.StatusAsync("b")).Json;
        Assert.Equal(249, status.GetProperty("counts").GetProperty("succeeded").GetInt64());
        Assert.Equal(0.5, status.GetProperty("itemsPerSecond").GetDouble());
    }

    [Fact]
    public async Task Status_OfASealedBatchWhoseOrchestrationHasNotEnded_IsNotAnEndYet()
    {
        await api.StartBatchAsync();
        api.Scheduler.Executions["b"] = TestExecution.Ending(new OutcomeCounts { Succeeded = 250 }, api.Time.GetUtcNow());
        var status = (await api.StatusAsync("b")).Json;
        Assert.Equal("running", status.GetProperty("status").GetString());
        Assert.Equal(250, status.GetProperty("done").GetInt64());
    }

    [Fact]
    public async Task Status_OfASealedBatchWhoseOrchestrationIsForgotten_IsThatOfTheReceipt()
    {
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 1, 2);
        await api.SealAsync();
        api.Scheduler.Executions.Clear();
        var status = (await api.StatusAsync("b")).Json;
        Assert.Equal("completed", status.GetProperty("status").GetString());
        Assert.Equal(Items, status.GetProperty("done").GetInt64());
        Assert.Equal(6, status.GetProperty("counts").GetProperty("failed").GetInt64());
    }

    [Fact]
    public async Task Status_OfABatchWhoseOrchestrationFailed_IsRunningWithTheReasonUntilItIsRepairedOrFailsForGood()
    {
        await api.StartBatchAsync();
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
        await api.StartBatchAsync();
        api.Scheduler.Executions["b"] = TestExecution.Failed(new OutcomeCounts { Succeeded = 100 }, api.Time.GetUtcNow(), "no room");
        await api.WriteShardsAsync(0);
        await api.Store.WriteFailureAsync(
            new BatchFailure("b", 1, "no room at all", api.Time.GetUtcNow(), new OutcomeCounts { Succeeded = 100 }),
            Cancelled);
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
        await api.StartBatchAsync();
        await api.WriteShardsAsync(0, 1, 2);
        await api.SealAsync();
        api.Scheduler.Executions["b"] = TestExecution.Failed(new OutcomeCounts(), api.Time.GetUtcNow(), "The worker was lost.");
        var status = (await api.StatusAsync("b")).Json;
        Assert.Equal("completed", status.GetProperty("status").GetString());
        Assert.False(status.TryGetProperty("error", out _));
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
        await api.StartBatchAsync();
        Assert.Contains(
            "it is written when the last item has its outcome",
            (await api.ReceiptAsync("b")).Problem(404),
            StringComparison.Ordinal);
    }
}
