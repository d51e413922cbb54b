using System.Security.Cryptography.X509Certificates;
using Rollcall.Api.Requests;
using Rollcall.Batches;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Api;

/// <summary>The certificates that a target may name.</summary>
public sealed class RequestTlsTests : IDisposable
{
    const string Origin = "https://api.example.com";

    readonly TestAuthority authority = new("Root");
    readonly TestApi api;

    public RequestTlsTests()
    {
        using var own = authority.IssueClient("own");
        api = new TestApi(new RequestGrants
        {
            Secrets = TestGrants.Secrets(
                ("Certificates:OWN", own.ExportCertificatePem()),
                ("Certificates:OWN:Origins", Origin),
                ("Certificates:OWN_KEY", own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
                ("Certificates:OWN_KEY:Origins", $"{Origin},http://api.example.com"),
                ("Certificates:CA", authority.Pem),
                ("Certificates:CA:Origins", "*"),
                ("Certificates:UNBOUND", authority.Pem),
                ("Secrets:TOKEN", own.ExportCertificatePem()),
                ("Secrets:TOKEN:Origins", "*")),
        });
    }

    public void Dispose()
    {
        api.Dispose();
        authority.Dispose();
    }

    [Fact]
    public async Task Tls_OfTextsThatMayBeUsedForTheTarget_IsStoredByName()
    {
        var response = await api.PostJsonAsync(
            Json("""{"certificate":{"secret":"OWN"},"key":{"secret":"OWN_KEY"},"ca":{"secret":"CA"}}"""));

        Assert.Equal(202, response.Status);
        var manifest = await api.Store.FindManifestAsync("x", TestContext.Current.CancellationToken);
        Assert.Equal(new TargetTls("OWN", "OWN_KEY", "CA"), manifest!.Target.Tls);
        Assert.Equal(202, (await api.PostJsonAsync(Json("""{"ca":{"secret":"CA"}}""", id: "y"))).Status);
        Assert.Equal(409, (await api.PostJsonAsync(Json("""{"ca":{"secret":"CA"}}"""))).Status);
    }

    [Theory]
    [InlineData("/certificate/secret", "The server has no certificate text 'NOPE'.", """{"certificate":{"secret":"NOPE"}}""")]
    [InlineData("/certificate/secret", "The server has no certificate text 'TOKEN'.", """{"certificate":{"secret":"TOKEN"}}""")]
    [InlineData("/ca/secret", "The server has no certificate text 'UNBOUND'.", """{"ca":{"secret":"UNBOUND"}}""")]
    [InlineData("/certificate/secret", "cannot be used: it has no private key as PEM.", """{"certificate":{"secret":"OWN"}}""")]
    [InlineData("/key/secret", "it has no private key as PEM.", """{"certificate":{"secret":"OWN"},"key":{"secret":"CA"}}""")]
    [InlineData("/ca/secret", "it has no certificate as PEM.", """{"ca":{"secret":"OWN_KEY"}}""")]
    [InlineData("", "has no certificate: ", "{}")]
    [InlineData("", "has no certificate: ", """{"key":{"secret":"OWN_KEY"}}""")]
    [InlineData("", "is an array: an object is needed", "[]")]
    [InlineData("/certificate", "is a string: an object is needed", """{"certificate":"-----BEGIN CERTIFICATE-----"}""")]
    [InlineData("/certificate/secret", "is not the name of a secret", """{"certificate":{"secret":"-----BEGIN CERTIFICATE-----"}}""")]
    public async Task Tls_ThatCannotBeUsed_IsRefusedAtItsPlace(string place, string expected, string tls)
    {
        var (at, message) = (await api.PostJsonAsync(Json(tls))).OnlyError(400);

        Assert.Equal($"pointer /target/tls{place}", at);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_OfATargetWithoutTls_IsRefused() => Assert.Equal(
        ("pointer /target/tls", "is not allowed: the target's URL is not https."),
        (await api.PostJsonAsync(Json("""{"ca":{"secret":"CA"}}""", "http://api.example.com/"))).OnlyError(400));

    [Fact]
    public async Task Text_OfACertificate_CannotBeAHeader()
    {
        string json = $$"""{"items":[{"body":1}],"target":{"headers":{"X-A":{"secret":"OWN_KEY"} },"url":"{{Origin}}/"} }""";
        Assert.Contains("has no secret 'OWN_KEY'", (await api.PostJsonAsync(json)).OnlyError(400).Item2, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_OfAnInputInTheBody_IsInTheHeaderOfItsRequest()
    {
        var tls = new TargetTls("OWN", "OWN_KEY", Ca: null);
        var target = new BatchTarget("", new Dictionary<string, TargetHeader>()) { Tls = tls };
        var sent = ("X-Rollcall-Request", LinesHeaders.WriteParts(target)!);
        var response = await api.PostLinesAsync($"?to={Uri.EscapeDataString(Origin + "/")}&id=x", "1\n", sent);
        Assert.Equal(202, response.Status);
        Assert.Equal(tls, (await api.Store.FindManifestAsync("x", TestContext.Current.CancellationToken))!.Target.Tls);

        var (at, message) = (await api.PostLinesAsync("?to=https%3A%2F%2Felsewhere.example%2F&id=y", "1\n", sent)).Errors(400)[0];
        Assert.Equal("header X-Rollcall-Request", at);
        Assert.StartsWith(
            "/tls/certificate/secret is not allowed: The server has no certificate text 'OWN'.",
            message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Origin + "/a", null)]
    [InlineData("https://elsewhere.example/a", "https://elsewhere.example is needed.")]
    [InlineData("http://api.example.com/a", "One that may go to http://api.example.com is needed.")]
    public async Task Tls_OfATargetWhoseItemsHaveTheUrls_IsForTheirOriginsAlone(string url, string? expected)
    {
        var response = await api.PostJsonAsync(
            $$$"""
            {"id":"x","target":{"tls":{"certificate":{"secret":"OWN"},"key":{"secret":"OWN_KEY"} } },
            "items":[{"url":"{{{url}}}","body":1}]}
            """);
        if (expected is null)
        {
            Assert.Equal(202, response.Status);
            return;
        }

        var (at, message) = response.OnlyError(400);
        Assert.Equal("pointer /items/0", at);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_OfAnItemWhoseUrlIsNotHttps_IsRefused()
    {
        var (at, message) = (await api.PostJsonAsync(
            """{"id":"x","target":{"tls":{"ca":{"secret":"CA"}}},"items":[{"url":"http://api.example.com/","body":1}]}""")).OnlyError(400);
        Assert.Equal(("pointer /items/0", "is not allowed: the target's URL is not https."), (at, message));
    }

    static string Json(string tls, string url = Origin + "/", string id = "x") =>
        $$$"""{"id":"{{{id}}}","target":{"url":"{{{url}}}","tls":{{{tls}}}},"items":[{"body":1}]}""";
}
