using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

/// <summary>Batches whose targets have certificates of their own, which are texts of the host.</summary>
public sealed class TransportChoiceTests : IAsyncLifetime
{
    static readonly TargetTls Own = new("OWN", "OWN_KEY", "CA");

    readonly TestAuthority authority = new("Root");
    readonly Dictionary<string, string> texts = [];
    readonly X509Certificate2 server;
    MutualTlsTarget target = null!;

    public TransportChoiceTests()
    {
        server = authority.IssueServer();
        using var own = authority.IssueClient("own");
        using var other = authority.IssueClient("other");
        texts["OWN"] = own.ExportCertificatePem();
        texts["OWN_KEY"] = own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        texts["OTHER"] = $"{other.ExportCertificatePem()}\n{other.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()}";
        texts["CA"] = authority.Pem;
    }

    public async ValueTask InitializeAsync() =>
        target = await MutualTlsTarget.StartAsync(server, authority, isOptional: true, protocol: HttpProtocols.Http1);

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        server.Dispose();
        authority.Dispose();
    }

    [Fact]
    public async Task Targets_WithOtherCertificates_ShareNoConnection()
    {
        using var sender = Create();
        foreach (var tls in new[] { Own, new TargetTls("OTHER", null, "CA"), new TargetTls(null, null, "CA"), Own })
        {
            sender.Tls = tls;
            TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
        }

        Assert.Equal(["CN=own", "CN=other", "", "CN=own"], target.Clients);
        Assert.Equal(3, target.Connections.Distinct().Count());
        Assert.Equal(target.Connections[0], target.Connections[3]);
    }

    [Fact]
    public async Task Target_WithoutThem_GetsNeitherTheCertificateNorTheTrust()
    {
        using var sender = Create();
        sender.Tls = Own;
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
        sender.Tls = null;
        TestSender.AssertFailed(ItemErrorCode.Tls, await sender.SendAsync(target.Url, index: 1));
    }

    [Theory]
    [InlineData("NOPE", "OWN_KEY", "CA", "has no certificate text 'NOPE', which target.tls names")]
    [InlineData("OWN", "NOPE", "CA", "has no certificate text 'NOPE', which target.tls names")]
    [InlineData("OWN", "OWN_KEY", "NOPE", "has no certificate text 'NOPE', which target.tls names")]
    [InlineData("OTHER", "OWN_KEY", "CA", "text 'OWN_KEY' of the process that sends cannot be used: it has a private key that does not")]
    [InlineData("OWN", null, "CA", "text 'OWN' of the process that sends cannot be used: it has no private key as PEM.")]
    [InlineData("OWN", "OWN_KEY", "OWN_KEY", "text 'OWN_KEY' of the process that sends cannot be used: it has no certificate as PEM.")]
    public async Task Text_ThatIsMissingOrCannotBeUsed_IsTargetRefused(string certificate, string? key, string ca, string expected)
    {
        using var sender = Create();
        sender.Tls = new TargetTls(certificate, key, ca);
        sender.MaxAttempts = 3;

        var outcome = await sender.SendAsync(target.Url);

        TestSender.AssertFailed(ItemErrorCode.TargetRefused, outcome);
        Assert.Contains(expected, outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(1, outcome.Attempts);
        Assert.Empty(target.Clients);
    }

    [Fact]
    public async Task Text_ForAnotherOriginOrWithoutTls_IsTargetRefused()
    {
        await using var plain = Target.Start(Responses.Echo);
        using var sender = Create();
        sender.Tls = Own;

        TestSender.AssertFailed(ItemErrorCode.TargetRefused, await sender.SendAsync("https://127.0.0.1:9/"));
        TestSender.AssertFailed(ItemErrorCode.TargetRefused, await sender.SendAsync(plain.Url, index: 1));
        Assert.Equal(0, plain.ConnectionCount);
    }

    [Fact]
    public async Task Process_WithoutTexts_RefusesATargetThatNamesThem()
    {
        using var sender = new TestSender { Tls = Own };
        TestSender.AssertFailed(ItemErrorCode.TargetRefused, await sender.SendAsync(target.Url));
    }

    [Fact]
    public async Task Certificate_AfterARedirectToAnotherOrigin_IsNotGiven()
    {
        await using var first = await MutualTlsTarget.StartAsync(server, authority, response: context =>
        {
            context.Response.Redirect(target.Url, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        using var sender = Create(first.Url);
        sender.Tls = Own;
        sender.FollowRedirects = true;

        TestSender.AssertSucceeded(await sender.SendAsync(first.Url));

        Assert.Equal(["CN=own"], first.Clients);
        Assert.Equal([""], target.Clients);
    }

    [Fact]
    public async Task Address_ThatIsNotAllowed_IsRefusedForTheseConnectionsToo()
    {
        using var client = SenderHttp.CreateClient(AddressCheck.Parse(""), certificates: Find);
        using var sender = new TestSender(client: client) { Tls = Own };

        TestSender.AssertFailed(ItemErrorCode.TargetRefused, await sender.SendAsync(target.Url));
        Assert.Empty(target.Clients);
    }

    TestSender Create(string? alsoFor = null) =>
        new(client: SenderHttp.CreateClient(certificates: (name, url) => url.AbsoluteUri == alsoFor ? Text(name) : Find(name, url)));

    string? Find(string name, Uri url) => url.Authority == new Uri(target.Url).Authority ? Text(name) : null;

    string? Text(string name) => texts.GetValueOrDefault(name);
}
