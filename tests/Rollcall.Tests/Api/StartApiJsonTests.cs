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
        var answer = await api.PostJsonAsync(
            """
            { "id": "b-1",
              "target": { "url": "https://api.example.com/score", "headers": { "X-Tenant": "a", "Authorization": { "secret": "SCORE_TOKEN" } } },
              "items": [ { "id": "a1", "body": { "param": "data" } } ],
              "options": { "concurrency": 64, "itemsPerActivity": 1, "ratePerSecond": null, "timeoutSeconds": 100, "maxBodyBytes": 104857600,
                           "retry": { "maxAttempts": 4, "firstDelaySeconds": 1, "maxDelaySeconds": 60 }, "maxFailedItems": null, "maxFailedPercent": null, "deadlineSeconds": null } }
            """);
        Assert.Equal(202, answer.Status);
        Assert.Equal("/api/batches/b-1", answer.Location);
        Assert.Equal("b-1", answer.Json.GetProperty("id").GetString());
        Assert.Equal(1, answer.Json.GetProperty("items").GetInt64());
        Assert.Equal("/api/batches/b-1/results", answer.Json.GetProperty("links").GetProperty("results").GetString());

        var manifest = await api.Store.FindManifestAsync("b-1", Cancelled);
        Assert.Equal(new TargetHeader { Secret = "SCORE_TOKEN" }, manifest!.Target.Headers["Authorization"]);
        Assert.Equal(new BatchOptions(), manifest.Options);
        Assert.Equal("""{ "param": "data" }""", System.Text.Encoding.UTF8.GetString((await api.Store.ReadItemAsync(manifest, 0, Cancelled)).Payload.Span));
        Assert.Equal("b-1", Assert.Single(api.Scheduler.Scheduled).BatchId);
    }

    [Fact]
    public async Task Batch_WithoutAnId_GetsOne()
    {
        var answer = await api.PostJsonAsync($$"""{"target":{"url":"{{TestApi.Url}}"},"items":[{"body":1}]}""");
        Assert.Equal(202, answer.Status);
        string id = answer.Json.GetProperty("id").GetString()!;
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
    [InlineData("""{"id":"x","target":{"url":"http://127.0.0.1:9/"},"items":[{"body":2}]}""", "items")]
    [InlineData("""{"id":"x","target":{"url":"http://127.0.0.1:9/"},"items":[{"body":1},{"body":1}]}""", "items")]
    [InlineData("""{"id":"x","target":{"url":"http://127.0.0.1:9/a"},"items":[{"body":1}]}""", "target")]
    [InlineData("""{"id":"x","target":{"url":"http://127.0.0.1:9/","headers":{"A":"b"}},"items":[{"body":1}]}""", "target")]
    [InlineData("""{"id":"x","target":{"url":"http://127.0.0.1:9/"},"items":[{"body":1}],"options":{"concurrency":3}}""", "options")]
    [InlineData("""{"id":"x","target":{"url":"http://127.0.0.1:9/"},"items":[{"body":1}],"options":{"retry":{"maxAttempts":3}}}""", "options")]
    [InlineData("""{"id":"x","target":{"url":"http://127.0.0.1:9/"},"items":[{"body":1}],"options":{"retry":{"onTimeout":false}}}""", "options")]
    [InlineData("""{"id":"x","target":{"url":"http://127.0.0.1:9/"},"items":[{"body":1}],"options":{"followRedirects":true}}""", "options")]
    public async Task Batch_WithTheIdOfAnother_IsAConflictThatNamesTheDifference(string json, string difference)
    {
        await api.PostJsonAsync("""{"id":"x","target":{"url":"http://127.0.0.1:9/"},"items":[{"body":1}]}""");
        Assert.Contains($"its {difference} differ", (await api.PostJsonAsync(json)).Problem(409), StringComparison.Ordinal);
        Assert.Single(api.Scheduler.Scheduled);
        Assert.Equal(1, (await api.Store.FindManifestAsync("x", Cancelled))!.ItemCount);
    }

    [Theory]
    [InlineData("", "The request is not a batch")]
    [InlineData("{", "The request is not a batch")]
    [InlineData("[]", "an object with \"target\" and \"items\" or \"itemsBlob\" is needed")]
    [InlineData("{} {}", "The request is not a batch")]
    [InlineData("""{"targett":1}""", "unknown field \"targett\"")]
    [InlineData("""{"items":[{"body":1}]}""", "no \"target\"")]
    [InlineData("""{"target":{"url":"http://h/"}}""", "no item")]
    [InlineData("""{"target":{"url":"http://h/"},"items":[]}""", "no item")]
    [InlineData("""{"target":{"url":"http://h/"},"items":{}}""", "\"items\" is not an array")]
    [InlineData("""{"target":{"url":"http://h/"},"items":[1]}""", "items[0] is not an object")]
    [InlineData("""{"target":{"url":"http://h/"},"items":[{"body":1},{"id":"a"}]}""", "items[1] has no \"body\"")]
    [InlineData("""{"target":{"url":"http://h/"},"items":[{"body":1,"boddy":2}]}""", "items[0] has the unknown field \"boddy\"")]
    [InlineData("""{"target":{"url":"http://h/"},"items":[{"id":"","body":1}]}""", "items[0].id is not a string of 1 to 256")]
    [InlineData("""{"target":{"url":"http://h/"},"items":[{"id":7,"body":1}]}""", "items[0].id is not a string of 1 to 256")]
    [InlineData("""{"target":{"url":"ftp://h/"},"items":[{"body":1}]}""", "'ftp://h/' is not a URL to send to")]
    [InlineData("""{"target":{"url":"http://u:p@h/"},"items":[{"body":1}]}""", "user name or password")]
    [InlineData("""{"target":{"url":"http://h/","headers":{"Host name":"a"}},"items":[{"body":1}]}""", "'Host name' is not a header name")]
    [InlineData("""{"target":{"url":"http://h/","headers":{"A":1}},"items":[{"body":1}]}""", "\"target\" is not allowed as it is")]
    [InlineData("""{"target":{"url":"http://h/","verb":"PUT"},"items":[{"body":1}]}""", "\"target\" is not allowed as it is")]
    [InlineData("""{"id":"a/b","target":{"url":"http://h/"},"items":[{"body":1}]}""", "The id 'a/b' is not allowed")]
    [InlineData("""{"target":{"url":"http://h/"},"items":[{"body":1}],"options":{"concurrency":0}}""", "concurrency is 0: 1 to 10000 is allowed")]
    [InlineData("""{"target":{"url":"http://h/"},"items":[{"body":1}],"options":{"timeOutSeconds":5,"x":1}}""", "\"options\" is not allowed as it is")]
    [InlineData("""{"target":{"url":"http://h/"},"items":[{"body":1}],"options":{"itemsPerActivity":5}}""", "itemsPerActivity is 5")]
    [InlineData("""{"target":{"url":"http://h/"},"items":[{"body":1}],"options":{"ratePerSecond":0}}""", "ratePerSecond is 0: above 0")]
    [InlineData("""{"target":{"url":"http://h/"},"items":[{"body":1}],"options":{"deadlineSeconds":-5}}""", "deadlineSeconds is -5")]
    [InlineData("""{"target":{"url":"http://h/"},"items":[{"body":1}],"itemsBlob":"a/b"}""", "both \"items\" and \"itemsBlob\"")]
    [InlineData("""{"target":{"url":"http://h/"},"items":[{"body":1}],"lines":"items"}""", "\"lines\" says what the lines of \"itemsBlob\" are")]
    [InlineData("""{"target":{"url":"http://h/"},"itemsBlob":"a/b"}""", "This host has no blobs")]
    public async Task Request_ThatIsNotABatch_IsRefusedWithTheReason(string json, string reason)
    {
        Assert.Contains(reason, (await api.PostJsonAsync(json)).Problem(400), StringComparison.Ordinal);
        Assert.Empty(api.Scheduler.Scheduled);
        Assert.Empty((await api.ListAsync()).Json.GetProperty("batches").EnumerateArray());
    }

    [Fact]
    public async Task Request_ThatIsNotUtf8_IsRefused()
    {
        var answer = await api.PostAsync("", "application/json", [(byte)'{', 0xff, (byte)'}']);
        Assert.Equal("The request is not valid UTF-8.", answer.Problem(400));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Request_OfAnotherMediaType_IsRefused(string type)
    {
        Assert.Contains("application/json or application/x-ndjson", (await api.PostAsync("", type, [1])).Problem(415), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ThatIsTooLargeForJson_IsToldOfTheLines()
    {
        byte[] body = new byte[Rollcall.Api.StartApi.MaxJsonBytes + 1];
        Assert.Contains("application/x-ndjson", (await api.PostAsync("", "application/json", body)).Problem(413), StringComparison.Ordinal);
    }
}
