using Rollcall.Batches;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Api;

/// <summary>Who a request asks to be told, on a host that has queues.</summary>
public sealed class OnCompletedTests : IDisposable
{
    static readonly string Longest = new('q', 63);

    readonly TestApi api = new(TestGrants.WithStorage(queues: $"done-1,abc,{Longest}"));

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Notices_OfJson_AreTheBatchs()
    {
        Assert.Equal(
            new OnCompleted { Webhook = new CompletionWebhook("https://w/", "SIGN-1_a"), Queue = "done-1" },
            await OnCompletedOfAsync("""{"webhook":{"url":"https://w/","secret":"SIGN-1_a"},"queue":"done-1"}"""));
    }

    [Theory]
    [InlineData("""{"webhook":{"url":"https://w/"}}""")]
    [InlineData("""{"webhook":{"url":"https://w/","secret":null},"queue":null}""")]
    public async Task Notices_OfAWebhookAlone_HaveNoQueueAndNoSecret(string json)
    {
        Assert.Equal(new OnCompleted { Webhook = new CompletionWebhook("https://w/") }, await OnCompletedOfAsync(json));
    }

    [Fact]
    public async Task Notices_OfNull_AreNone() => Assert.Null(await OnCompletedOfAsync("null"));

    [Fact]
    public async Task Notices_OfAQuery_AreTheBatchs()
    {
        Assert.Equal(
            202,
            (await api.PostLinesAsync("?to=http://h/&id=x&webhook=https%3A%2F%2Fw%2F&webhookSecret=S&notifyQueue=abc", "1\n")).Status);
        Assert.Equal(
            new OnCompleted { Webhook = new CompletionWebhook("https://w/", "S"), Queue = "abc" },
            (await ManifestAsync()).OnCompleted);
    }

    [Theory]
    [InlineData("{}", "", "names nobody: \"webhook\", \"queue\" or both are needed.")]
    [InlineData("""{"webhook":null}""", "", "names nobody:")]
    [InlineData("[]", "", "is an array: an object is needed, and \"webhook\" and \"queue\" are allowed in it.")]
    [InlineData("""{"queue":"abc","email":"a@b"}""", "/email", "is not known: \"webhook\" and \"queue\" are allowed.")]
    [InlineData("""{"webhook":{}}""", "/webhook/url", "is missing: an absolute http:// or https:// URL is needed.")]
    [InlineData(
        """{"webhook":"https://w/"}""",
        "/webhook",
        "is a string: an object is needed, and \"url\" and \"secret\" are allowed in it.")]
    [InlineData("""{"webhook":{"url":"w"}}""", "/webhook/url", "is not allowed: 'w' is not a URL to send to")]
    [InlineData(
        """{"webhook":{"url":"https://w/","sceret":"A"}}""",
        "/webhook/sceret",
        "is not known: \"url\" and \"secret\" are allowed. Did you mean \"secret\"?")]
    [InlineData(
        """{"webhook":{"url":"https://w/","secret":""}}""",
        "/webhook/secret",
        "is not the name of a secret: the name of a secret, 1 to 128 of letters, digits, _ and -, is needed, and not the secret itself.")]
    [InlineData(
        """{"webhook":{"url":"https://w/","secret":"a:b"}}""",
        "/webhook/secret",
        "is not the name of a secret: the name of a secret, 1 to 128 of letters, digits, _ and -, is needed, and not the secret itself.")]
    [InlineData(
        """{"webhook":{"url":"https://w/","secret":"é"}}""",
        "/webhook/secret",
        "is not the name of a secret: the name of a secret, 1 to 128 of letters, digits, _ and -, is needed, and not the secret itself.")]
    [InlineData("""{"queue":7}""", "/queue", "is 7: the name of a storage queue")]
    [InlineData("""{"queue":"ab"}""", "/queue", "is 'ab': the name of a storage queue, 3 to 63 of")]
    [InlineData("""{"queue":"Done"}""", "/queue", "is 'Done'")]
    [InlineData("""{"queue":"-ab"}""", "/queue", "is '-ab'")]
    [InlineData("""{"queue":"ab-"}""", "/queue", "is 'ab-'")]
    [InlineData("""{"queue":"a--b"}""", "/queue", "is 'a--b'")]
    [InlineData("""{"queue":"a_b"}""", "/queue", "is 'a_b'")]
    public async Task Notices_ThatCannotBeGiven_AreRefused(string json, string field, string message)
    {
        var error = (await PostAsync(json)).OnlyError(400);
        Assert.Equal($"pointer /onCompleted{field}", error.Place);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_OfTheGreatestLength_AreTakenAndLongerOnesAreNot()
    {
        string secret = new('s', 128);
        Assert.Equal(
            Longest,
            (await OnCompletedOfAsync($$"""{"webhook":{"url":"https://w/","secret":"{{secret}}"},"queue":"{{Longest}}"}"""))!.Queue);
        var errors = (await PostAsync($$"""{"webhook":{"url":"https://w/","secret":"{{secret}}s"},"queue":"{{Longest}}q"}""")).Errors(400);
        Assert.Equal(["pointer /onCompleted/webhook/secret", "pointer /onCompleted/queue"], errors.Select(error => error.Place));
    }

    [Theory]
    [InlineData(
        """{"target":{"url":"http://h/"},"items":[{"body":1}],"onCompleted":{"webhook":{"url":"http://h/","secret":"whsec_A+b="}}}""")]
    [InlineData("""{"target":{"url":"http://h/","headers":{"Authorization":{"secret":"Bearer whsec_A+b="}}},"items":[{"body":1}]}""")]
    public async Task Secret_InThePlaceOfItsName_IsNotRepeated(string json)
    {
        var response = await api.PostJsonAsync(json);
        response.OnlyError(400);
        Assert.DoesNotContain("whsec", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_InThePlaceOfItsNameInALinesRequest_IsNotRepeated()
    {
        var response = await api.PostLinesAsync(
            "?to=http://h/&webhook=http%3A%2F%2Fh%2F&webhookSecret=whsec_A%2Bb%3D",
            "1\n",
            ("X-Rollcall-Secret-Authorization", "Bearer whsec_A+b="));
        Assert.Equal(
            ["parameter webhookSecret", "header X-Rollcall-Secret-Authorization"],
            response.Errors(400).Select(error => error.Place));
        Assert.DoesNotContain("whsec", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queue_OnAHostWithoutQueues_IsRefused()
    {
        using var local = new TestApi();
        var response = await local.PostJsonAsync("""{"target":{"url":"http://h/"},"items":[{"body":1}],"onCompleted":{"queue":"done"}}""");
        Assert.Equal(
            ("pointer /onCompleted/queue", "is not allowed: this host has no storage account, and so no queues."),
            response.OnlyError(400));
    }

    Task<TestResponse> PostAsync(string onCompleted) =>
        api.PostJsonAsync($$"""{"id":"x","target":{"url":"http://h/"},"items":[{"body":1}],"onCompleted":{{onCompleted}}}""");

    async Task<OnCompleted?> OnCompletedOfAsync(string onCompleted)
    {
        Assert.Equal(202, (await PostAsync(onCompleted)).Status);
        return (await ManifestAsync()).OnCompleted;
    }

    async Task<BatchManifest> ManifestAsync() => (await api.Store.FindManifestAsync("x", TestContext.Current.CancellationToken))!;
}
