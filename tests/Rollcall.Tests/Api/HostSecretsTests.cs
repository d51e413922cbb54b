using Rollcall.Tests.Building;

namespace Rollcall.Tests.Api;

public sealed class HostSecretsTests
{
    [Theory]
    [InlineData("https://api.example.com", "https://api.example.com/any/path?q", true)]
    [InlineData("https://api.example.com", "https://API.example.com:443/", true)]
    [InlineData("https://api.example.com/", "https://api.example.com/", true)]
    [InlineData("https://a.example, https://b.example:8443", "https://b.example:8443/x", true)]
    [InlineData("http://[::1]:80", "http://[0:0::1]/", true)]
    [InlineData("https://bücher.example", "https://xn--bcher-kva.example/", true)]
    [InlineData("*", "http://anything.example/", true)]
    [InlineData("https://api.example.com", "http://api.example.com/", false)]
    [InlineData("https://api.example.com", "https://api.example.com:444/", false)]
    [InlineData("https://api.example.com", "https://example.com/", false)]
    [InlineData("https://api.example.com", "https://api.example.com.attacker.example/", false)]
    [InlineData("https://api.example.com", "https://api.example.com@attacker.example/", false)]
    [InlineData("https://api.example.com", "https://attacker.example/?https://api.example.com", false)]
    [InlineData("", "https://api.example.com/", false)]
    public void Secret_GoesToItsOriginsAlone(string origins, string url, bool isFound)
    {
        var secrets = TestGrants.Secrets(("Secrets:TOKEN", "v"), ("Secrets:TOKEN:Origins", origins), ("WebhookKeys:HOOK", "k"), ("WebhookKeys:HOOK:Origins", origins));
        Assert.Equal(isFound ? "v" : null, secrets.FindHeaderValue("TOKEN", new Uri(url)));
        Assert.Equal(isFound ? "k" : null, secrets.FindWebhookKey("HOOK", new Uri(url)));
    }

    [Fact]
    public void Key_IsNoSecretAndASecretNoKey()
    {
        var secrets = TestGrants.Secrets(("Secrets:TOKEN", "v"), ("Secrets:TOKEN:Origins", "*"), ("WebhookKeys:HOOK", "k"), ("WebhookKeys:HOOK:Origins", "*"));
        Assert.Null(secrets.FindHeaderValue("HOOK", new Uri("http://h/")));
        Assert.Null(secrets.FindWebhookKey("TOKEN", new Uri("http://h/")));
        Assert.Null(secrets.FindHeaderValue("TOKEN:Origins", new Uri("http://h/")));
        Assert.Null(secrets.FindHeaderValue("TOKEN__Origins", new Uri("http://h/")));
    }

    [Fact]
    public void Secret_WhoseVaultWasNotRead_IsNoneAndIsNamedForTheLog()
    {
        const string reference = "@Microsoft.KeyVault(VaultName=v;SecretName=TOKEN)";
        var secrets = TestGrants.Secrets(
            ("Secrets:TOKEN", reference), ("Secrets:TOKEN:Origins", "*"), ("WebhookKeys:HOOK", reference), ("WebhookKeys:HOOK:Origins", "*"));
        Assert.Null(secrets.FindHeaderValue("TOKEN", new Uri("http://h/")));
        Assert.Null(secrets.FindWebhookKey("HOOK", new Uri("http://h/")));
        Assert.Equal(["Rollcall__Secrets__TOKEN", "Rollcall__WebhookKeys__HOOK"], secrets.Unresolved);
        Assert.Empty(secrets.Unbound);
    }

    [Fact]
    public void Secret_WithoutOrigins_IsNamedForTheLog()
    {
        var secrets = TestGrants.Secrets(("Secrets:A", "v"), ("Secrets:B", "v"), ("Secrets:B:Origins", "http://h"), ("WebhookKeys:C", "v"));
        Assert.Equal(["Rollcall__Secrets__A", "Rollcall__WebhookKeys__C"], secrets.Unbound);
    }

    [Theory]
    [InlineData("api.example.com")]
    [InlineData("https://api.example.com/path")]
    [InlineData("https://api.example.com?q")]
    [InlineData("https://u:p@api.example.com")]
    [InlineData("ftp://api.example.com")]
    [InlineData("https://*.example.com")]
    public void Origin_ThatIsNone_IsAnErrorThatNamesTheSettingAndNotTheSecret(string origin)
    {
        var error = Assert.Throws<InvalidOperationException>(() => TestGrants.Secrets(("Secrets:TOKEN", "s3cret"), ("Secrets:TOKEN:Origins", $"https://a.example,{origin}")));
        Assert.StartsWith($"Rollcall__Secrets__TOKEN__Origins has '{origin}': ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }
}
