using System.Net;
using System.Text;
using System.Text.Json;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

public sealed class BadRequestTests(FunctionsFixture fixture) : SharedAppTests(fixture)
{
    const int MaxJsonBytes = 64 * 1024 * 1024;

    [Theory]
    [InlineData("no batch", "JSON")]
    [InlineData("""{"target":{"url":"http://127.0.0.1:9/"},"items":[{"body":1}""", "ends before every object and array is closed")]
    [InlineData("""{"target":{"url":"http://127.0.0.1:9/"},"items":[{"body":1}],"optoins":{}}""", "optoins")]
    [InlineData("""{"target":{"url":"http://127.0.0.1:9/"},"items":[{"body":1}],"options":{"concurency":5}}""", "concurency")]
    [InlineData("""{"target":{"url":"http://127.0.0.1:9/"},"items":[]}""", "items")]
    [InlineData("""{"target":{"url":"http://127.0.0.1:9/"}}""", "items")]
    [InlineData("""{"target":{"url":"ftp://127.0.0.1/"},"items":[{"body":1}]}""", "ftp://127.0.0.1/")]
    [InlineData("""{"target":{"url":"nowhere"},"items":[{"body":1}]}""", "nowhere")]
    [InlineData("""{"items":[{"body":1}]}""", "target")]
    [InlineData("""{"id":"a/b","target":{"url":"http://127.0.0.1:9/"},"items":[{"body":1}]}""", "a/b")]
    [InlineData("""{"target":{"url":"http://127.0.0.1:9/"},"items":[{"body":1}],"options":{"concurrency":0}}""", "concurrency")]
    public async Task Post_JsonThatIsNoBatch_SaysWhatIsWrong(string json, string named)
    {
        var response = await Api.PostAsync(Encoding.UTF8.GetBytes(json), "application/json");

        Assert.Contains(named, response.RequireProblem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_OtherMediaType_IsNotSupported()
    {
        var response = await Api.PostAsync("<batch/>"u8.ToArray(), "text/xml");

        response.RequireProblem(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Post_JsonOverTheLimit_IsTooLarge()
    {
        var response = await Api.PostAsync(new byte[MaxJsonBytes + 1], "application/json");

        response.RequireProblem(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Post_NdjsonWithLinesThatAreNotJson_NamesThemAndSendsNothing()
    {
        await using var target = await PayloadTarget.StartAsync();
        string id = $"bad-{Guid.NewGuid():N}";

        var response = await Api.PostAsync(
            "{\"number\":1}\n{bad\n{\"number\":2}\nworse}\n"u8.ToArray(),
            "application/x-ndjson",
            $"?to={Uri.EscapeDataString(target.Url)}&id={id}");

        response.RequireProblem(HttpStatusCode.BadRequest);
        var errors = response.Json.GetProperty("errors").EnumerateArray().ToList();
        Assert.Equal([2, 4], errors.Select(error => error.GetProperty("line").GetInt32()));
        Assert.All(errors, error => Assert.NotEmpty(error.GetProperty("message").GetString()!));
        (await Api.GetAsync($"api/batches/{id}")).RequireProblem(HttpStatusCode.NotFound);
        Assert.Empty(target.Requests);
    }

    [Theory]
    [InlineData("", "to")]
    [InlineData("?to=nowhere", "nowhere")]
    [InlineData("?to=http%3A%2F%2F127.0.0.1%3A9%2F&concurrency=many", "concurrency")]
    [InlineData("?to=http%3A%2F%2F127.0.0.1%3A9%2F&input=words", "input")]
    [InlineData("?to=http%3A%2F%2F127.0.0.1%3A9%2F&concurency=5", "concurency")]
    public async Task Post_NdjsonWithAQueryThatIsWrong_SaysWhatIsWrong(string query, string named)
    {
        var response = await Api.PostAsync("1\n"u8.ToArray(), "application/x-ndjson", query);

        Assert.Contains(named, response.RequireProblem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("azure-webjobs-secrets/site/host.json", "\"rollcall-items\" is allowed")]
    [InlineData("rollcall-items/../rollcall/tuesday/results/0000000000.jsonl", "none of dots alone")]
    [InlineData("no-slash", "a container, a slash")]
    public async Task Post_BlobThatIsNotTheCallersToName_IsRefused(string blob, string named)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new { target = new { url = "http://127.0.0.1:9/" }, itemsBlob = blob });

        var response = await Api.PostAsync(json, "application/json");

        Assert.Contains(named, response.RequireProblem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_SecretThatMayNotGoToTheTargetAndQueueOfTheEngine_AreRefused()
    {
        byte[] json = Encoding.UTF8.GetBytes($$$"""
            {"target":{"headers":{"A":{"secret":"{{{FunctionsFixture.BoundName}}}"} },"url":"http://127.0.0.1:9/"},
            "items":[{"body":1}],"onCompleted":{"queue":"rollcall-workitems"} }
            """);

        var response = await Api.PostAsync(json, "application/json");

        response.RequireProblem(HttpStatusCode.BadRequest);
        Assert.Equal(
            ["/target/headers/A", "/onCompleted/queue"],
            response.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/results")]
    [InlineData("/receipt")]
    [InlineData("/items/0")]
    public async Task Get_BatchThatIsNotThere_IsNotFound(string path)
    {
        var response = await Api.GetAsync($"api/batches/never-started{path}");

        Assert.Contains("never-started", response.RequireProblem(HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=101")]
    [InlineData("?status=done")]
    [InlineData("?after=nonsense")]
    public async Task Get_ListWithAQueryThatIsWrong_SaysWhatIsWrong(string query)
    {
        var response = await Api.GetAsync($"api/batches{query}");

        Assert.Contains(
            query[1..query.IndexOf('=', StringComparison.Ordinal)],
            response.RequireProblem(HttpStatusCode.BadRequest),
            StringComparison.Ordinal);
    }
}
