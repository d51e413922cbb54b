using Rollcall.Batches;

namespace Rollcall.Tests.Api;

public sealed class StartApiJsonTests : IDisposable
{
    readonly TestApi api = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Batch_OfTheContractsOwnExample_IsStarted()
    {
        var response = await api.PostJsonAsync(
            """
            { "id": "b-1",
              "target": { "url": "https://api.example.com/score",
                          "headers": { "X-Tenant": "a", "Authorization": { "secret": "SCORE_TOKEN" } } },
              "items": [ { "id": "a1", "body": { "param": "data" } } ],
              "options": { "concurrency": 64, "itemsPerActivity": 1, "ratePerSecond": null, "timeoutSeconds": 100,
                           "maxBodyBytes": 104857600,
                           "retry": { "maxAttempts": 4, "firstDelaySeconds": 1, "maxDelaySeconds": 60 },
                           "maxFailedItems": null, "maxFailedPercent": null, "deadlineSeconds": null } }
            """);
        Assert.Equal(202, response.Status);
        Assert.Equal("/api/batches/b-1", response.Location);
        Assert.Equal("b-1", response.Json.GetProperty("id").GetString());
        Assert.Equal(1, response.Json.GetProperty("items").GetInt64());
        Assert.Equal("/api/batches/b-1/results", response.Json.GetProperty("links").GetProperty("results").GetString());

        var manifest = await api.Store.FindManifestAsync("b-1", Cancelled);
        Assert.Equal(new TargetHeader { Secret = "SCORE_TOKEN" }, manifest!.Target.Headers["Authorization"]);
        Assert.Equal(new BatchOptions(), manifest.Options);
        Assert.Equal(
            """{ "param": "data" }""",
            System.Text.Encoding.UTF8.GetString((await api.Store.ReadItemAsync(manifest, 0, Cancelled)).Payload.Span));
        Assert.Equal("b-1", Assert.Single(api.Scheduler.Scheduled).BatchId);
    }

    [Fact]
    public async Task Batch_WithoutAnId_GetsOne()
    {
        var response = await api.PostJsonAsync($$"""{"target":{"url":"{{TestApi.Url}}"},"items":[{"body":1}]}""");
        Assert.Equal(202, response.Status);
        string id = response.Json.GetProperty("id").GetString()!;
        Assert.True(BatchManifest.IsValidId(id), id);
        Assert.NotNull(await api.Store.FindManifestAsync(id, Cancelled));
    }

    [Fact]
    public async Task Batch_StartedTwice_IsOneBatch()
    {
        string json = $$"""{"id":"x","target":{"url":"{{TestApi.Url}}"},"items":[{"body":1}]}""";
        Assert.Equal(202, (await api.PostJsonAsync(json)).Status);
        var again = await api.PostJsonAsync(json);
        Assert.Equal(200, again.Status);
        Assert.Equal("x", again.Json.GetProperty("id").GetString());
        Assert.Single(api.Scheduler.Scheduled);
        Assert.Single((await api.ListAsync()).Json.GetProperty("batches").EnumerateArray());
    }

    [Fact]
    public async Task Batch_WhoseStartBrokeOffBeforeItWasScheduled_IsScheduledByTheNextRequest()
    {
        string json = $$"""{"id":"x","target":{"url":"{{TestApi.Url}}"},"items":[{"body":1}]}""";
        await api.PostJsonAsync(json);
        api.Scheduler.Executions.Clear();
        Assert.Equal(200, (await api.PostJsonAsync(json)).Status);
        Assert.Equal(2, api.Scheduler.Scheduled.Count);
    }

    [Fact]
    public async Task Batch_ThatHasEndedAndWhoseOrchestrationIsForgotten_IsNotRunAgainByTheSameRequest()
    {
        string json = $$"""{"id":"x","target":{"url":"{{TestApi.Url}}"},"items":[{"body":1}]}""";
        await api.PostJsonAsync(json);
        api.Scheduler.Executions.Clear();
        await api.Store.WriteFailureAsync(new BatchFailure("x", 1, "no room", api.Time.GetUtcNow(), new OutcomeCounts()), Cancelled);
        Assert.Equal(200, (await api.PostJsonAsync(json)).Status);
        Assert.Single(api.Scheduler.Scheduled);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Request_OfAnotherMediaType_IsRefused(string type)
    {
        Assert.Contains(
            "application/json, application/x-ndjson, text/csv or text/tab-separated-values",
            (await api.PostAsync("", type, [1])).Problem(415),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ThatIsTooLargeForJson_IsToldOfTheLines()
    {
        byte[] body = new byte[Rollcall.Api.StartApi.MaxJsonBytes + 1];
        Assert.Contains("application/x-ndjson", (await api.PostAsync("", "application/json", body)).Problem(413), StringComparison.Ordinal);
    }
}
