using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderAddressTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("2130706433")]
    [InlineData("0.0.0.0")]
    public async Task Target_OnThisMachine_IsRefusedWhateverItIsCalledAndNothingIsSent(string host)
    {
        await using var target = Target.Start(Answers.Echo);
        using var sender = new TestSender(client: SenderHttp.CreateClient(AddressCheck.OfPublicOnly)) { MaxAttempts = 3 };
        var outcome = await sender.SendAsync($"http://{host}:{target.Port}/");
        TestSender.AssertFailed(ItemErrorCode.TargetRefused, outcome);
        Assert.Equal(1, outcome.Attempts);
        Assert.Contains("Rollcall__PrivateTargets=allow", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(0, target.ConnectionCount);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Target_OnThisMachine_IsSentToWherePrivateTargetsAreAllowed(string host)
    {
        await using var target = Target.Start(Answers.Echo);
        using var sender = new TestSender(client: SenderHttp.CreateClient(AddressCheck.OfCloudServices));
        TestSender.AssertSucceeded(await sender.SendAsync($"http://{host}:{target.Port}/"));
    }

    [Fact]
    public async Task Target_WithTlsAndHttp2_IsSentToThroughTheCheck()
    {
        await using var target = await Http2Target.StartAsync(_ => Task.CompletedTask);
        using var sender = TestSender.Trusting(target.CertificateHash, addresses: AddressCheck.OfCloudServices);
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
        using var sender = new TestSender(client: SenderHttp.CreateClient(AddressCheck.OfCloudServices));
        var outcome = await sender.SendAsync($"http://{host}/latest/meta-data/");
        TestSender.AssertFailed(ItemErrorCode.TargetRefused, outcome);
        Assert.DoesNotContain("PrivateTargets", outcome.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_ToARefusedAddress_IsRefusedAndNothingIsSentThere()
    {
        await using var target = Target.Start((request, connection) =>
            Answers.Redirect(307, $"http://127.0.0.2:{request.Headers["Host"].Split(':')[1]}/")(request, connection));
        using var sender = new TestSender(client: SenderHttp.CreateClient(AddressCheck.OfNetworks("127.0.0.2/32"))) { FollowRedirects = true, MaxAttempts = 3 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.TargetRefused, outcome);
        Assert.Contains("'127.0.0.2' is at 127.0.0.2", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Single(target.Requests);
    }

    [Fact]
    public async Task Name_ThatCannotBeResolved_IsADnsFailureWithTheCheckToo()
    {
        using var sender = new TestSender(client: SenderHttp.CreateClient(AddressCheck.OfPublicOnly));
        TestSender.AssertFailed(ItemErrorCode.Dns, await sender.SendAsync("http://rollcall-test.invalid/"));
    }

    [Fact]
    public async Task Connection_ThatIsRefused_IsAConnectFailureWithTheCheckToo()
    {
        using var port = new ClosedPort();
        using var sender = new TestSender(client: SenderHttp.CreateClient(AddressCheck.OfCloudServices));
        TestSender.AssertFailed(ItemErrorCode.Connect, await sender.SendAsync(port.Url));
    }
}
