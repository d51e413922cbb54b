using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

/// <summary>The proxy and the version of HTTP.</summary>
public sealed class SenderTransportTests
{
    [Fact]
    public async Task Proxy_ThatIsGiven_GetsTheRequestsExceptThoseToHostsThatAreBypassed()
    {
        await using var proxy = Target.Start(Responses.With(200, "from the proxy"));
        await using var target = Target.Start(Responses.Echo);
        var address = new WebProxy(new Uri(proxy.Url));
        using var through = With(new SenderTransport { Proxy = new ProxyChoice(address, "") });
        using var past = With(new SenderTransport { Proxy = new ProxyChoice(address, "127.0.0.0/8") });

        TestSender.AssertSucceeded(await through.SendAsync(target.Url));
        Assert.Empty(target.Requests);
        TestSender.AssertSucceeded(await past.SendAsync(target.Url));

        Assert.Single(target.Requests);
        Assert.Single(proxy.Requests);
    }

    [Fact]
    public async Task Proxy_ThatIsAway_IsNamedWithoutItsPassword()
    {
        using var closed = new ClosedPort();
        var address = new WebProxy(new Uri(closed.Url)) { Credentials = new NetworkCredential("user", "PW") };
        using var sender = With(new SenderTransport { Proxy = new ProxyChoice(address, "") });

        var outcome = await sender.SendAsync("http://target.example/");

        TestSender.AssertFailed(ItemErrorCode.Connect, outcome);
        Assert.Contains($"The proxy {closed.Url.TrimEnd('/')} is not reachable", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PW", outcome.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_WithTls_IsCheckedAndGetsTheCertificateAsATargetDoes()
    {
        using var authority = new TestAuthority("Root");
        using var certificate = authority.IssueServer();
        using var client = authority.IssueClient("own");
        await using var proxy = await MutualTlsTarget.StartAsync(certificate, authority);
        var own = ClientCertificate.Read(client.Export(X509ContentType.Pkcs12), key: null, passphrase: null);
        var transport = new SenderTransport { Certificate = own, Proxy = new ProxyChoice(new WebProxy(new Uri(proxy.Url)), "") };
        using var trusting = With(transport with { Authorities = [authority.Certificate] });
        using var other = With(transport);

        TestSender.AssertSucceeded(await trusting.SendAsync("http://target.example/"));
        var outcome = await other.SendAsync("http://target.example/");

        Assert.Equal(["CN=own"], proxy.Clients);
        TestSender.AssertFailed(ItemErrorCode.Tls, outcome);
    }

    [Theory]
    [InlineData(HttpProtocolChoice.Negotiated, "HTTP/2")]
    [InlineData(HttpProtocolChoice.Http2PriorKnowledge, "HTTP/2")]
    [InlineData(HttpProtocolChoice.Http11, "HTTP/1.1")]
    public async Task Protocol_WithTls_IsTheOneThatWasChosen(HttpProtocolChoice protocol, string expected)
    {
        using var authority = new TestAuthority("Root");
        using var certificate = authority.IssueServer();
        await using var target = await MutualTlsTarget.StartAsync(certificate, clientsOf: null);
        using var sender = With(new SenderTransport { Authorities = [authority.Certificate], Protocol = protocol });

        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));

        Assert.Equal([expected], target.Protocols);
    }

    [Fact]
    public async Task Protocol_OfPriorKnowledgeWithoutTls_IsHttp2()
    {
        string protocol = "";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, port: 0, listen => listen.Protocols = HttpProtocols.Http2));
        await using var app = builder.Build();
        app.Run(context =>
        {
            protocol = context.Request.Protocol;
            return Task.CompletedTask;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var sender = With(new SenderTransport { Protocol = HttpProtocolChoice.Http2PriorKnowledge });

        TestSender.AssertSucceeded(await sender.SendAsync(app.Urls.Single() + "/"));

        Assert.Equal("HTTP/2", protocol);
    }

    [Fact]
    public async Task Protocol_OfPriorKnowledgeToATargetWithoutHttp2_IsNoResponse()
    {
        await using var target = Target.Start(Faults.SpeakAnotherProtocol);
        using var sender = With(new SenderTransport { Protocol = HttpProtocolChoice.Http2PriorKnowledge });
        sender.TimeoutSeconds = 10;

        TestSender.AssertFailed(ItemErrorCode.NoResponse, await sender.SendAsync(target.Url));
    }

    static TestSender With(SenderTransport transport) => new(client: SenderHttp.CreateClient(transport: transport));
}
