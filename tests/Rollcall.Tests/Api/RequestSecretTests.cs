using Rollcall.Api.Requests;
using Rollcall.Tests.Building;
using Rollcall.Validation;

namespace Rollcall.Tests.Api;

/// <summary>Which secrets a request may name.</summary>
public sealed class RequestSecretTests : IDisposable
{
    static readonly RequestGrants Grants = new()
    {
        Secrets = TestGrants.Secrets(
            ("Secrets:BOUND", "v"),
            ("Secrets:BOUND:Origins", "https://api.example.com"),
            ("Secrets:UNBOUND", "v"),
            ("WebhookKeys:BOUND_KEY", "v"),
            ("WebhookKeys:BOUND_KEY:Origins", "https://hooks.example.com"),
            ("WebhookKeys:UNBOUND_KEY", "v")),
    };

    readonly TestApi api = new(Grants);

    public void Dispose() => api.Dispose();

    [Theory]
    [InlineData("https://api.example.com/score", "BOUND", true)]
    [InlineData("https://attacker.example/", "BOUND", false)]
    [InlineData("https://attacker.example/", "UNBOUND", false)]
    [InlineData("https://attacker.example/", "NOPE", false)]
    [InlineData("https://attacker.example/", "BOUND_KEY", false)]
    public async Task Secret_ThatMayNotGoToTheTarget_IsRefusedWithTheSameSentenceWhetherItIsThereOrNot(string url, string name, bool isAllowed)
    {
        var json = await api.PostJsonAsync(Json(url, name));
        var lines = await api.PostLinesAsync($"?to={Uri.EscapeDataString(url)}&id=y", "1\n", ("X-Rollcall-Secret-Authorization", name));
        if (isAllowed)
        {
            Assert.Equal((202, 202), (json.Status, lines.Status));
            return;
        }

        string expected = $"is not allowed: The server has no secret '{name}'. One that may go to https://attacker.example is needed.";
        Assert.Equal(("pointer /target/headers/Authorization", expected), json.OnlyError(400));
        Assert.Equal(("header X-Rollcall-Secret-Authorization", expected), lines.OnlyError(400));
        Assert.Empty(api.Scheduler.Scheduled);
    }

    [Theory]
    [InlineData("https://hooks.example.com/x", "BOUND_KEY", true)]
    [InlineData("https://victim.example/", "BOUND_KEY", false)]
    [InlineData("https://victim.example/", "UNBOUND_KEY", false)]
    [InlineData("https://victim.example/", "NOPE", false)]
    [InlineData("https://victim.example/", "BOUND", false)]
    public async Task Key_ThatMayNotSignForTheWebhook_IsRefusedWithTheSameSentenceWhetherItIsThereOrNot(string url, string name, bool isAllowed)
    {
        var json = await api.PostJsonAsync(
            $$$"""{"id":"x","target":{"url":"http://h/"},"items":[{"body":1}],"onCompleted":{"webhook":{"secret":"{{{name}}}","url":"{{{url}}}"} } }""");
        var lines = await api.PostLinesAsync($"?to=http://h/&id=y&webhookSecret={name}&webhook={Uri.EscapeDataString(url)}", "1\n");
        if (isAllowed)
        {
            Assert.Equal((202, 202), (json.Status, lines.Status));
            return;
        }

        string expected = $"is not allowed: The server has no webhook key '{name}'. One that may go to https://victim.example is needed.";
        Assert.Equal(("pointer /onCompleted/webhook/secret", expected), json.OnlyError(400));
        Assert.Equal(("parameter webhookSecret", expected), lines.OnlyError(400));
    }

    [Fact]
    public void Secret_InAQueueMessage_IsBoundAsWell()
    {
        var error = Assert.Throws<InvalidInputException>(() =>
            BatchRequestParser.Parse(QueueText.ToJson(Json("https://attacker.example/", "BOUND")), TimeProvider.System, Grants));
        Assert.Equal("/target/headers/Authorization", Assert.Single(error.Errors).Field);
    }

    static string Json(string url, string secret) =>
        $$$"""{"id":"x","target":{"headers":{"Authorization":{"secret":"{{{secret}}}"}},"url":"{{{url}}}"},"items":[{"body":1}]}""";
}
