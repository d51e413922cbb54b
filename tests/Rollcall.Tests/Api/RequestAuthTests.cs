using Rollcall.Api.Requests;
using Rollcall.Batches;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Api;

/// <summary>Which tokens a request may have its batch sent with.</summary>
public sealed class RequestAuthTests : IDisposable
{
    const string Client =
        """{"type":"clientCredentials","tokenUrl":"https://login.example/t","clientId":"c","clientSecret":{"secret":"CLIENT"}}""";
    const string Azure = """{"type":"azure","scope":"api://orders/.default"}""";

    static readonly RequestGrants Grants = new()
    {
        Secrets = TestGrants.Secrets(
            ("Secrets:CLIENT", "v"),
            ("Secrets:CLIENT:Origins", "https://login.example,https://api.example"),
            ("Secrets:LOGIN_ONLY", "v"),
            ("Secrets:LOGIN_ONLY:Origins", "https://login.example"),
            ("Secrets:API_ONLY", "v"),
            ("Secrets:API_ONLY:Origins", "https://api.example"),
            ("AzureScopes:ORDERS", "api://orders/.default"),
            ("AzureScopes:ORDERS:Origins", "https://api.example"),
            ("AzureScopes:UNBOUND", "api://unbound/.default")),
    };

    readonly TestApi api = new(Grants);

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Auth_OfAClient_IsStoredWithTheSecretsNameAndNotItsValue()
    {
        Assert.Equal(202, (await api.PostJsonAsync(Json(Client, "https://api.example/x"))).Status);
        Assert.Equal(
            new TargetAuth
            {
                Type = AuthType.ClientCredentials,
                TokenUrl = "https://login.example/t",
                ClientId = "c",
                ClientSecret = "CLIENT",
            },
            (await api.Store.FindManifestAsync("b", Cancelled))!.Target.Auth);
    }

    [Fact]
    public async Task Auth_OfAnInputInTheBody_IsInTheHeaderOfItsRequest()
    {
        var response = await api.PostLinesAsync(
            "?to=https%3A%2F%2Fapi.example%2F&id=b", "1\n", ("X-Rollcall-Request", $$"""{"auth":{{Azure}}}"""));
        Assert.Equal(202, response.Status);
        Assert.Equal(AuthType.Azure, (await api.Store.FindManifestAsync("b", Cancelled))!.Target.Auth!.Type);
        var refused = await api.PostLinesAsync(
            "?to=https%3A%2F%2Felsewhere.example%2F&id=c", "1\n", ("X-Rollcall-Request", $$"""{"auth":{{Azure}}}"""));
        Assert.Equal("header X-Rollcall-Request", refused.OnlyError(400).Place);
    }

    [Theory]
    [InlineData("https://elsewhere.example/", "CLIENT", "One that may go to https://elsewhere.example is needed.")]
    [InlineData("https://api.example/", "LOGIN_ONLY", "One that may go to https://api.example is needed.")]
    [InlineData("https://api.example/", "API_ONLY", "One that may go to https://login.example is needed.")]
    [InlineData("https://api.example/", "NOPE", "The server has no secret 'NOPE'.")]
    public async Task Client_WhoseSecretMayNotGoToBothTheEndpointAndTheTarget_IsRefused(string url, string secret, string expected)
    {
        var (place, message) = (await api.PostJsonAsync(
            Json(Client.Replace("CLIENT", secret, StringComparison.Ordinal), url))).OnlyError(400);
        Assert.Equal("pointer /target/auth", place);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Null(await api.Store.FindManifestAsync("b", Cancelled));
    }

    [Theory]
    [InlineData("https://elsewhere.example/", "api://orders/.default")]
    [InlineData("https://api.example/", "api://unbound/.default")]
    [InlineData("https://api.example/", "https://management.azure.com/.default")]
    public async Task Identity_ForAScopeThatIsNotBoundToTheTarget_IsRefused(string url, string scope)
    {
        var (place, message) = (await api.PostJsonAsync(
            Json(Azure.Replace("api://orders/.default", scope, StringComparison.Ordinal), url))).OnlyError(400);
        Assert.Equal("pointer /target/auth", place);
        Assert.Contains("Rollcall__AzureScopes has no such scope", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Client)]
    [InlineData(Azure)]
    public async Task Item_WhoseUrlIsWhereTheTokenMayNotGo_IsRefused(string auth)
    {
        string json = Json(auth, "https://{{host}}/x").Replace("1}", """{"host":"elsewhere.example"}}""", StringComparison.Ordinal);
        var (place, message) = (await api.PostJsonAsync(json)).OnlyError(400);
        Assert.Equal("pointer /items/0", place);
        Assert.Contains("https://elsewhere.example", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7", "/target/auth", "is 7: an object is needed")]
    [InlineData("{}", "/target/auth/type", "is missing: 'clientCredentials' or 'azure' is needed.")]
    [InlineData("""{"type":"command"}""", "/target/auth/type", "is 'command': 'clientCredentials' or 'azure' is needed.")]
    [InlineData("""{"type":"azure"}""", "/target/auth/scope", "is missing: what the token is for")]
    [InlineData("""{"type":"azure","scope":"api://orders/.default","clientId":"c"}""", "/target/auth/clientId", "is for the type")]
    [InlineData("""{"type":"azure","scope":""}""", "/target/auth/scope", "is '': what the token is for")]
    public async Task Auth_ThatIsNone_IsRefusedWithItsPlace(string auth, string place, string error)
    {
        var (field, message) = (await api.PostJsonAsync(Json(auth, "https://api.example/"))).OnlyError(400);
        Assert.Equal($"pointer {place}", field);
        Assert.StartsWith(error, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenUrl", "is missing: an absolute http:// or https:// URL is needed.")]
    [InlineData("clientId", "is missing: the client's id is needed.")]
    [InlineData("clientSecret", "is missing: the name of a secret is needed.")]
    public async Task Client_WithoutAPart_IsRefused(string part, string error)
    {
        string without = Client.Replace($"\"{part}\"", "\"scope\"", StringComparison.Ordinal)
            .Replace("""{"secret":"CLIENT"}""", part == "clientSecret" ? "\"s\"" : """{"secret":"CLIENT"}""", StringComparison.Ordinal);
        Assert.Equal(
            ($"pointer /target/auth/{part}", error),
            (await api.PostJsonAsync(Json(without, "https://api.example/"))).OnlyError(400));
    }

    [Fact]
    public async Task Auth_BesideTheHeaderThatItMakes_IsRefused()
    {
        string json = Json(Azure, "https://api.example/").Replace(
            "\"auth\"", "\"headers\":{\"authorization\":\"Basic x\"},\"auth\"", StringComparison.Ordinal);
        Assert.Equal(
            ("pointer /target", "is not allowed: The target has both auth and the header Authorization: auth makes the header."),
            (await api.PostJsonAsync(json)).OnlyError(400));
    }

    [Fact]
    public async Task Batch_WithTheSameIdAndOtherAuth_IsAnother()
    {
        Assert.Equal(202, (await api.PostJsonAsync(Json(Azure, "https://api.example/"))).Status);
        Assert.Equal(200, (await api.PostJsonAsync(Json(Azure, "https://api.example/"))).Status);
        var conflict = await api.PostJsonAsync(Json(Client, "https://api.example/"));
        Assert.Equal(("pointer /target/auth", "differs."), conflict.OnlyError(409));
    }

    static string Json(string auth, string url) =>
        $$$"""{"id":"b","target":{"url":"{{{url}}}","auth":{{{auth}}}},"items":[{"body":1}]}""";
}
