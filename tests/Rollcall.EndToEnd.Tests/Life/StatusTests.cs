using System.Diagnostics;
using System.Net;
using System.Text;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>What is told of a batch while it runs, and of two that have one id.</summary>
[Collection(LifeCollection.Name)]
public sealed class StatusTests(LifeHosts hosts)
{
    const int InFlight = 4;

    // Two seconds are promised. The rest is for a machine on which other tests run.
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Status_OfARunningBatch_IsFreshAndNeverStepsBack(HostKind kind)
    {
        var host = await hosts.GetAsync(kind);
        await using var target = await GatedTarget.StartAsync(responseBytes: 1000);
        target.HoldBeforeResponse();
        var batch = await LifeBatch.StartAsync(host, target, 230);
        for (int done = InFlight; done <= 3 * InFlight; done += InFlight)
        {
            await target.WaitForArrivalsAsync(InFlight);
            long responded = Stopwatch.GetTimestamp();
            target.Release();
            await batch.WaitForDoneAsync(done);
            var took = Stopwatch.GetElapsedTime(responded);
            TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {done} outcomes were told of after {took.TotalSeconds:F2} s.");
            Assert.True(took < Fresh, $"{done} outcomes were told of after {took.TotalSeconds:F1} s.");
        }

        target.Open();
        long last = 0;
        var ended = await host.Api.WaitForStatusAsync(batch.Id, "is completed", status =>
        {
            long done = status.GetProperty("done").GetInt64();
            Assert.True(done >= last, $"The status stepped back from {last} to {done}.");
            last = done;
            return status.GetProperty("status").ValueEquals("completed");
        });

        Assert.Equal(
            (230, 230, 230_000),
            (ended.GetProperty("done").GetInt32(), ended.GetProperty("attempts").GetInt32(), ended.GetProperty("bytes").GetInt32()));
        Assert.Equal(230, ended.GetProperty("counts").GetProperty("byHttpStatus").GetProperty("200").GetInt32());
        var times = ended.GetProperty("responseTimes");
        Assert.InRange(times.GetProperty("p50Ms").GetDouble(), 0.01, times.GetProperty("p90Ms").GetDouble());
        Assert.InRange(times.GetProperty("p99Ms").GetDouble(), times.GetProperty("p90Ms").GetDouble(), 600_000);
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Start_OfOneBatchByManyAtOnce_MakesOneAndAnotherContentIsRefusedWithWhatDiffers(HostKind kind)
    {
        var host = await hosts.GetAsync(kind);
        await using var target = await GatedTarget.StartAsync();
        string id = $"twice-{kind}";
        string json = $$"""{"id":"{{id}}","target":{"url":"{{target.Url}}"},"items":[{"body":1},{"body":2}]}""";

        var responses = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => host.Api.PostAsync(Encoding.UTF8.GetBytes(json), "application/json")));
        await host.Api.WaitForStateAsync(id, "completed");

        Assert.All(responses, response => Assert.True(response.Status is HttpStatusCode.Accepted or HttpStatusCode.OK, response.Text));
        Assert.Equal(2, target.ReceivedInAll);
        string other = json.Replace(
            "\"items\":[{\"body\":1}",
            "\"options\":{\"concurrency\":3},\"items\":[{\"body\":7}",
            StringComparison.Ordinal);
        var conflict = await host.Api.PostAsync(Encoding.UTF8.GetBytes(other), "application/json");
        conflict.RequireProblem(HttpStatusCode.Conflict);
        Assert.Equal(
            ["/items", "/options/concurrency"],
            conflict.Json
                .GetProperty("errors")
                .EnumerateArray()
                .Select(error => error.GetProperty("pointer").GetString())
                .Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Request_ThatIsWrongInManyWays_IsToldOfAllOfThem(HostKind kind)
    {
        var host = await hosts.GetAsync(kind);
        const string Json =
            """
            {"target":{"url":"nowhere"},"items":[{"id":5,"body":1},{}],"options":{"concurrency":0,"timeoutSecond":3},
            "startAt":"soon","colour":"red"}
            """;
        var response = await host.Api.PostAsync(Encoding.UTF8.GetBytes(Json), "application/json");
        response.RequireProblem(HttpStatusCode.BadRequest);
        Assert.Equal(
            ["/colour", "/items/0/id", "/items/1/body", "/options/concurrency", "/options/timeoutSecond", "/startAt", "/target/url"],
            response.Json
                .GetProperty("errors")
                .EnumerateArray()
                .Select(error => error.GetProperty("pointer").GetString())
                .Order(StringComparer.Ordinal));
        foreach (string verb in new[] { "cancel", "pause", "resume", "redrive" })
        {
            Assert.Equal(
                "There is no batch 'nobody'.",
                (await host.Api.ChangeAsync("nobody", verb)).RequireProblem(HttpStatusCode.NotFound));
        }
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Results_OfARunningBatch_AreThoseOfItsFinishedShardsOrOfThemUpToTheFirstGap(HostKind kind)
    {
        var host = await hosts.GetAsync(kind);
        await using var target = await GatedTarget.StartAsync();
        target.HoldBeforeResponse(payload => payload == "150");
        var batch = await LifeBatch.StartAsync(host, target, 230);
        await batch.WaitForDoneAsync(229);
        await Eventually.BeTrueAsync("two shards are written", TimeSpan.FromSeconds(30), async () =>
            (await host.Api.DownloadResultsAsync(batch.Id)).Lines.Count == 130);

        Assert.Equal(Enumerable.Range(0, 100).Concat(Enumerable.Range(200, 30)), (await host.Api.DownloadResultsAsync(batch.Id)).Indexes);
        Assert.Equal(Enumerable.Range(40, 60), (await host.Api.DownloadResultsAsync(batch.Id, "?contiguous=true&from=40")).Indexes);
        Assert.Empty((await host.Api.DownloadResultsAsync(batch.Id, "?contiguous=true&from=100")).Lines);
        Assert.Contains(
            "has no written outcome yet",
            (await host.Api.GetAsync($"api/batches/{batch.Id}/items/150")).RequireProblem(HttpStatusCode.NotFound),
            StringComparison.Ordinal);

        target.Open();
        await batch.WaitForStateAsync("completed");
        Assert.All(await batch.RequireSealedAsync(succeeded: 230), batch.RequireResponse);
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Results_FromAnIndexOfOneKindCompressedAndAsATable_AreThose(HostKind kind)
    {
        var host = await hosts.GetAsync(kind);
        await using var target = await GatedTarget.StartAsync();
        target.Fails = payload => payload is "3" or "105";
        var batch = await LifeBatch.StartAsync(host, target, 110, "\"retry\":{\"maxAttempts\":1}");
        await batch.WaitForStateAsync("completed");

        Assert.Equal(Enumerable.Range(98, 12), (await host.Api.DownloadResultsAsync(batch.Id, "?from=98")).Indexes);
        Assert.Equal([3, 105], (await host.Api.DownloadResultsAsync(batch.Id, "?status=failed")).Indexes);
        Assert.Equal([105], (await host.Api.DownloadResultsAsync(batch.Id, "?errorCode=http-status&from=4")).Indexes);
        string csv = (await host.Api.GetAsync($"api/batches/{batch.Id}/results?format=csv&from=104")).Require(HttpStatusCode.OK).Text;
        string[] rows = csv.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("index,id,status,httpStatus,errorCode,", rows[0], StringComparison.Ordinal);
        Assert.StartsWith("105,,failed,500,http-status,", rows[2], StringComparison.Ordinal);
        Assert.Equal(7, rows.Length);

        var (encoding, body) = await host.Api.GetCompressedAsync($"api/batches/{batch.Id}/results");
        Assert.Equal("gzip", encoding);
        Assert.Equal((await host.Api.GetAsync($"api/batches/{batch.Id}/results")).Body, body);
        Assert.Contains(
            "from is '111'",
            (await host.Api.GetAsync($"api/batches/{batch.Id}/results?from=111")).RequireProblem(HttpStatusCode.BadRequest),
            StringComparison.Ordinal);
    }
}
