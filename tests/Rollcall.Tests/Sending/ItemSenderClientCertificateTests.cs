using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

/// <summary>Client certificates, and what is said when a target refuses TLS.</summary>
public sealed class ItemSenderClientCertificateTests : IDisposable
{
    readonly TestAuthority authority = new("Root");
    readonly X509Certificate2 server;

    public ItemSenderClientCertificateTests() => server = authority.IssueServer();

    public void Dispose()
    {
        server.Dispose();
        authority.Dispose();
    }

#pragma warning disable CA5398 // A refusal arrives in another way with each version.
    public static TheoryData<HttpProtocols, SslProtocols> Versions { get; } = new()
    {
        { HttpProtocols.Http1, SslProtocols.Tls12 },
        { HttpProtocols.Http1, SslProtocols.Tls13 },
        { HttpProtocols.Http2, SslProtocols.Tls12 },
        { HttpProtocols.Http2, SslProtocols.Tls13 },
    };
#pragma warning restore CA5398

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task ClientCertificate_ThatIsAskedFor_IsGivenOnEveryKindOfConnection(HttpProtocols protocol, SslProtocols version)
    {
        await using var target = await MutualTlsTarget.StartAsync(server, authority, protocol: protocol, version: version);
        using var sender = With(Trusting() with { Certificate = Own(authority) });

        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
        sender.KeepAlive = protocol == HttpProtocols.Http2;
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url, index: 1));

        Assert.Equal(["CN=own", "CN=own"], target.Clients);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task ClientCertificate_ThatIsMissing_IsATlsFailureThatNamesTheOption(HttpProtocols protocol, SslProtocols version)
    {
        await using var target = await MutualTlsTarget.StartAsync(server, authority, protocol: protocol, version: version);
        using var sender = With(Trusting());
        sender.MaxAttempts = 3;
        for (int index = 0; index < 4; index++)
        {
            var outcome = await sender.SendAsync(target.Url, index: index);

            TestSender.AssertFailed(ItemErrorCode.Tls, outcome);
            Assert.StartsWith("The target asks for a client certificate, and refused", outcome.Error!.Message, StringComparison.Ordinal);
            Assert.EndsWith("with --cert FILE, and a server with target.tls.", outcome.Error.Message, StringComparison.Ordinal);
            Assert.Equal(1, outcome.Attempts);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task ClientCertificate_ThatIsRefused_IsATlsFailureThatSaysSo(HttpProtocols protocol, SslProtocols version)
    {
        using var other = new TestAuthority("Other");
        await using var target = await MutualTlsTarget.StartAsync(server, other, protocol: protocol, version: version);
        using var sender = With(Trusting() with { Certificate = Own(authority) });
        sender.MaxAttempts = 3;
        for (int index = 0; index < 4; index++)
        {
            var outcome = await sender.SendAsync(target.Url, index: index);

            TestSender.AssertFailed(ItemErrorCode.Tls, outcome);
            Assert.StartsWith("The target refused the client certificate", outcome.Error!.Message, StringComparison.Ordinal);
            Assert.Equal(1, outcome.Attempts);
        }
    }

    [Theory]
    [InlineData(40, "(alert handshake_failure). If it asks for a client certificate: rollcall run gives one with --cert FILE, and")]
    [InlineData(80, "The TLS handshake failed")]
    [InlineData(42, "refused the connection with the TLS alert bad_certificate: rollcall run gives one with --cert FILE, and")]
    [InlineData(48, "with the TLS alert unknown_ca")]
    [InlineData(116, "with the TLS alert certificate_required")]
    public async Task Alert_InTheHandshake_IsNamed(byte alert, string expected)
    {
        await using var target = Target.StartTls(Responses.Echo, HandshakeFaults.ReplyWith((byte[])[21, 3, 3, 0, 2, 2, alert]));
        using var sender = new TestSender();

        var outcome = await sender.SendAsync(target.Url);

        TestSender.AssertFailed(ItemErrorCode.Tls, outcome);
        Assert.Contains(expected, outcome.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alert_AboutTheClientCertificateAfterTheHandshake_IsATlsFailure()
    {
        // What the runtime has of it: the first read fails with the same exception as the handshake would.
        await using var target = Target.StartTls(Responses.Echo, HandshakeFaults.ReplyWith((byte[])[21, 3, 3, 0, 2, 2, 116]));
        using var client = new HttpClient(SenderHttp.CreateHandler());
        var failed = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetAsync(new Uri(target.Url), TestContext.Current.CancellationToken));
        var read = new HttpRequestException("No response.", new IOException("The read failed.", failed.GetBaseException()));
        using var refusals = new TlsRefusals(hasCertificate: false, "advice") { InnerHandler = new Failing(read) };
        using var sender = new TestSender(client: SenderHttp.CreateClient(refusals));

        var outcome = await sender.SendAsync(target.Url);

        TestSender.AssertFailed(ItemErrorCode.Tls, outcome);
        Assert.Contains("with the TLS alert certificate_required: advice", outcome.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_ThatEndsAtATargetThatAsksAndHasResponded_IsNoResponseAndTriedAgain()
    {
        await using var target = await MutualTlsTarget.StartAsync(
            server,
            authority,
            isOptional: true,
            protocol: HttpProtocols.Http1,
            response: context =>
            {
                if (context.Request.Headers["Idempotency-Key"] == "batch-1-1")
                {
                    context.Abort();
                }

                return Task.CompletedTask;
            });
        using var sender = With(Trusting());
        sender.MaxAttempts = 2;
        sender.KeepAlive = false;

        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
        var outcome = await sender.SendAsync(target.Url, index: 1);

        TestSender.AssertFailed(ItemErrorCode.NoResponse, outcome);
        Assert.Equal(2, outcome.Attempts);
    }

    [Fact]
    public async Task Issuers_InTheFileOfTheClientCertificate_AreSentWithIt()
    {
        using var between = new TestAuthority("Between", authority);
        await using var target = await MutualTlsTarget.StartAsync(server, authority);
        using var certificate = between.IssueClient("own");
        using var alone = With(Trusting() with { Certificate = Read(Pem(certificate)) });
        using var whole = With(Trusting() with { Certificate = Read(Pem(certificate) + between.Pem) });

        TestSender.AssertFailed(ItemErrorCode.Tls, await alone.SendAsync(target.Url));
        TestSender.AssertSucceeded(await whole.SendAsync(target.Url));
    }

    [Fact]
    public async Task ClientCertificate_AfterARedirectToAnotherOrigin_IsNotGiven()
    {
        await using var open = await MutualTlsTarget.StartAsync(server, authority, isOptional: true);
        await using var closed = await MutualTlsTarget.StartAsync(server, authority);
        string next = open.Url;
        await using var target = await MutualTlsTarget.StartAsync(server, authority, response: context =>
        {
            context.Response.Redirect(next, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        using var sender = With(Trusting() with { Certificate = Own(authority) });
        sender.FollowRedirects = true;

        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
        next = closed.Url;
        var outcome = await sender.SendAsync(target.Url, index: 1);

        Assert.Equal([""], open.Clients);
        TestSender.AssertFailed(ItemErrorCode.Tls, outcome);
        Assert.EndsWith("none is given after a redirect to another origin.", outcome.Error!.Message, StringComparison.Ordinal);
    }

    SenderTransport Trusting() => new() { Authorities = [authority.Certificate] };

    static TestSender With(SenderTransport transport) => new(client: SenderHttp.CreateClient(transport: transport));

    static ClientCertificate Own(TestAuthority issuer)
    {
        using var certificate = issuer.IssueClient("own");
        return Read(Pem(certificate));
    }

    static ClientCertificate Read(string pem) => ClientCertificate.Read(Encoding.UTF8.GetBytes(pem), key: null, passphrase: null);

    static string Pem(X509Certificate2 certificate) =>
        $"{certificate.ExportCertificatePem()}\n{certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()}\n";

    sealed class Failing(HttpRequestException exception) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(exception);
    }
}
