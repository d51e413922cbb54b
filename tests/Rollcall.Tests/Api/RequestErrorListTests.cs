namespace Rollcall.Tests.Api;

/// <summary>How many errors of a request are named, and how much of the request they repeat.</summary>
public sealed class RequestErrorListTests : IDisposable
{
    const string Open = """{"target":{"url":"http://h/"}""";
    const string Valid = Open + ""","items":[{"body":1}]""";

    readonly TestApi api = new();

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Errors_OfAllLevels_AreNamedAtOnce()
    {
        var response = await api.PostJsonAsync(
            """
            { "id": 7, "target": { "url": "nowhere", "headers": { "Foo Bar": "x" } }, "items": [ { "id": 1 }, 5 ],
              "options": { "concurrency": "x", "retry": { "maxAttempts": 0, "tries": 3 } }, "startAt": "now", "onCompleted": {} }
            """);
        Assert.Equal(
            [
                "pointer /id",
                "pointer /target/url",
                "pointer /target/headers/Foo Bar",
                "pointer /items/0/id",
                "pointer /items/0/body",
                "pointer /items/1",
                "pointer /options/concurrency",
                "pointer /options/retry/maxAttempts",
                "pointer /options/retry/tries",
                "pointer /startAt",
                "pointer /onCompleted",
            ],
            response.Errors(400).Select(error => error.Place));
        Assert.Equal("The request has 11 errors.", response.Problem(400));
    }

    [Fact]
    public async Task Errors_MoreThanAreNamed_AreAllCounted()
    {
        var response = await api.PostJsonAsync(Open + $$""","items":[{{string.Join(',', Enumerable.Repeat("7", 1000))}}],"x":1}""");
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"pointer /items/{i}"), response.Errors(400).Select(error => error.Place));
        Assert.Equal(1001, response.Json.GetProperty("errorCount").GetInt32());
        Assert.Equal("The request has 1001 errors.", response.Problem(400));
    }

    [Fact]
    public async Task Texts_ThatAreLong_AreCutInTheResponse()
    {
        string text = new('x', 500_000);
        string[] wrong =
        [
            "\"" + text + "\":1",
            $"\"id\":\"{text}\"",
            "\"options\":{\"" + text + "\":1}",
            "\"options\":{\"concurrency\":1" + new string('0', 500_000) + "}",
        ];
        foreach (string field in wrong)
        {
            var (place, message) = (await api.PostJsonAsync($"{Valid},{field}}}")).OnlyError(400);
            Assert.InRange(place.Length + message.Length, 1, 1000);
        }
    }

    [Fact]
    public async Task Secrets_InTheWrongPlace_AreNotRepeated()
    {
        string[] wrong =
        [
            """{"target":{"url":"http://h/","headers":{"A":"hunter2\n"}},"items":[{"body":1}]}""",
            """{"target":{"url":"http://h/","headers":{"A":{"value":"hunter2"}}},"items":[{"body":1}]}""",
            """{"target":{"url":"http://u:hunter2@h/"},"items":[{"body":1}]}""",
            Valid + ""","options":{"concurrency":"hunter2"}}""",
            Valid + ""","secret":"hunter2"}""",
        ];
        foreach (string json in wrong)
        {
            var response = await api.PostJsonAsync(json);
            response.Problem(400);
            Assert.DoesNotContain("hunter2", response.Body, StringComparison.Ordinal);
        }
    }
}
