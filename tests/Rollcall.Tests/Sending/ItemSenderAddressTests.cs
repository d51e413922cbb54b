using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderAddressTests
{
    const string Loopback = "127.0.0.0/8, ::1";

    [Fact]
    public async Task Refusal_OfAName_TellsTheLogWhereItIsAndTheCallerNothing()
    {
        var log = new FakeLogger();
        using var sender = new TestSender(client: SenderHttp.CreateClient(AddressCheck.Parse("", log)));
        var outcome = await sender.SendAsync("http://localhost:1/", index: 0);
        await sender.SendAsync("http://localhost:1/", index: 1);
        TestSender.AssertFailed(ItemErrorCode.TargetRefused, outcome);
        Assert.Equal(
            "'localhost' is not at an address that batches may be sent to. The host's setting Rollcall__PrivateTargets lists networks "
            + "that are not public; its log has more.",
            outcome.Error!.Message);
        Assert.Contains("127.0.0.1", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("2130706433")]
    [InlineData("0.0.0.0")]
    public async Task Target_OnThisMachine_IsRefusedWhateverItIsCalledAndNothingIsSent(string host)
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender(client: SenderHttp.CreateClient(AddressCheck.Parse(""))) { MaxAttempts = 3 };
        var outcome = await sender.SendAsync($"http://{host}:{target.Port}/");
        TestSender.AssertFailed(ItemErrorCode.TargetRefused, outcome);
        Assert.Equal(1, outcome.Attempts);
        Assert.Contains("Rollcall__PrivateTargets", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(0, target.ConnectionCount);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Target_OnThisMachine_IsSentToWherePrivateTargetsAreAllowed(string host)
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender(client: SenderHttp.CreateClient(AddressCheck.Parse(Loopback)));
        TestSender.AssertSucceeded(await sender.SendAsync($"http://{host}:{target.Port}/"));
    }

    [Fact]
    public async Task Target_WithTlsAndHttp2_IsSentToThroughTheCheck()
    {
        await using var target = await Http2Target.StartAsync(_ => Task.CompletedTask);
        using var sender = TestSender.Trusting(target.CertificateHash, addresses: AddressCheck.Parse(Loopback));
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
        Assert.Equal(["HTTP/2"], target.Protocols);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("[::ffff:169.254.169.254]")]
    [InlineData("168.63.129.16")]
    [InlineData("[fd00:ec2::254]")]
    public async Task CloudService_IsRefusedAlsoWherePrivateTargetsAreAllowed(string host)
    {
        using var sender = new TestSender(client: SenderHttp.CreateClient(AddressCheck.Parse("allow,0.0.0.0/0,::/0")));
        var outcome = await sender.SendAsync($"http://{host}/latest/meta-data/");
        TestSender.AssertFailed(ItemErrorCode.TargetRefused, outcome);
    }

    [Fact]
    public async Task Redirect_ToARefusedAddress_IsRefusedAndNothingIsSentThere()
    {
        await using var target = Target.Start((request, connection) =>
            Responses.Redirect(307, $"http://127.0.0.2:{request.Headers["Host"].Split(':')[1]}/")(request, connection));
        using var sender = new TestSender(
            client: SenderHttp.CreateClient(AddressCheck.Parse("127.0.0.1")))
        { FollowRedirects = true, MaxAttempts = 3 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.TargetRefused, outcome);
        Assert.Contains("'127.0.0.2' is not at an address", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Single(target.Requests);
    }

    [Fact]
    public async Task Name_ThatCannotBeResolved_IsADnsFailureWithTheCheckToo()
    {
        using var sender = new TestSender(client: SenderHttp.CreateClient(AddressCheck.Parse("")));
        TestSender.AssertFailed(ItemErrorCode.Dns, await sender.SendAsync("http://rollcall-test.invalid/"));
    }

    [Fact]
    public async Task Connection_ThatIsRefused_IsAConnectFailureWithTheCheckToo()
    {
        using var port = new ClosedPort();
        using var sender = new TestSender(client: SenderHttp.CreateClient(AddressCheck.Parse(Loopback)));
        TestSender.AssertFailed(ItemErrorCode.Connect, await sender.SendAsync(port.Url));
    }
}
