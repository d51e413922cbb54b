using System.Security.Cryptography.X509Certificates;
using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

/// <summary>Which certificates of targets are trusted, and what is said of those that are not.</summary>
public sealed class ItemSenderTrustTests : IDisposable
{
    readonly TestAuthority authority = new("Root");
    readonly X509Certificate2 server;

    public ItemSenderTrustTests() => server = authority.IssueServer();

    public void Dispose()
    {
        server.Dispose();
        authority.Dispose();
    }

    [Fact]
    public async Task Target_OfAnAuthorityThatIsNotTrusted_IsATlsFailureThatNamesTheIssuerAndTheOption()
    {
        using var other = new TestAuthority("Other");
        await using var target = await MutualTlsTarget.StartAsync(server, clientsOf: null);
        using var system = With(new SenderTransport());
        using var own = With(new SenderTransport { Authorities = [other.Certificate] });

        var ofSystem = await system.SendAsync(target.Url);
        var ofOwn = await own.SendAsync(target.Url);

        TestSender.AssertFailed(ItemErrorCode.Tls, ofSystem);
        Assert.Equal(
            "The target's certificate is not trusted: its issuer, 'CN=Root', is not an authority that this machine trusts: "
            + "rollcall run takes others with --cacert FILE, and a server with target.tls.",
            ofSystem.Error!.Message);
        TestSender.AssertFailed(ItemErrorCode.Tls, ofOwn);
        Assert.EndsWith("is not an authority that the given ones have.", ofOwn.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(target.Clients);
    }

    [Fact]
    public async Task Target_WithACertificateForAnotherName_IsATlsFailureThatHasBoth()
    {
        using var elsewhere = authority.IssueServer("elsewhere.example");
        await using var target = await MutualTlsTarget.StartAsync(elsewhere, clientsOf: null);
        using var sender = With(Trusting());

        var outcome = await sender.SendAsync(target.Url);

        TestSender.AssertFailed(ItemErrorCode.Tls, outcome);
        Assert.Equal(
            "The target's certificate is not trusted: it is for elsewhere.example, not for 127.0.0.1.",
            outcome.Error!.Message);
    }

    [Fact]
    public async Task Target_WithACertificateThatHasExpired_IsATlsFailureThatSaysSince()
    {
        using var old = authority.IssueServer(daysLeft: -1);
        await using var target = await MutualTlsTarget.StartAsync(old, clientsOf: null);
        using var sender = With(Trusting());

        var outcome = await sender.SendAsync(target.Url);

        TestSender.AssertFailed(ItemErrorCode.Tls, outcome);
        Assert.Contains($" to {old.NotAfter.ToUniversalTime():u}.", outcome.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root")]
    [InlineData("between")]
    [InlineData("server")]
    public async Task Authority_OfAnyKindInTheFile_IsTrustedAsCurlDoes(string trusted)
    {
        using var between = new TestAuthority("Between", authority);
        using var issued = between.IssueServer();
        await using var target = await MutualTlsTarget.StartAsync(issued, clientsOf: null);
        X509Certificate2Collection authorities = trusted switch
        {
            "root" => [authority.Certificate, between.Certificate],
            "between" => [between.Certificate],
            _ => [issued],
        };
        using var sender = With(new SenderTransport { Authorities = authorities });

        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
    }

    [Fact]
    public async Task Target_ThatIsNotChecked_GetsTheRequestWhateverItsCertificate()
    {
        using var elsewhere = authority.IssueServer("elsewhere.example", daysLeft: -1);
        await using var target = await MutualTlsTarget.StartAsync(elsewhere, clientsOf: null);
        using var sender = With(new SenderTransport { ChecksTargets = false });

        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
    }

    SenderTransport Trusting() => new() { Authorities = [authority.Certificate] };

    static TestSender With(SenderTransport transport) => new(client: SenderHttp.CreateClient(transport: transport));
}
