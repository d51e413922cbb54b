using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderConnectionTests
{
    [Fact]
    public async Task Target_ThatNeverResponds_TimesOut()
    {
        await using var target = Target.Start(Faults.NeverRespond);
        using var sender = new TestSender { TimeoutSeconds = 0.3 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Timeout, outcome);
        Assert.Equal("The time limit of 0.3 s passed before a response began.", outcome.Error!.Message);
        Assert.Null(outcome.HttpStatus);
        Assert.Null(outcome.Body);

        // The runtime's timers go by a clock of up to 16 ms a tick.
        Assert.True(outcome.DurationMs >= 280, $"An attempt with 300 ms of time took {outcome.DurationMs} ms.");
    }

    [Fact]
    public async Task Connection_ThatIsRefused_IsAConnectFailure()
    {
        using var port = new ClosedPort();
        using var sender = new TestSender();
        TestSender.AssertFailed(ItemErrorCode.Connect, await sender.SendAsync(port.Url));
    }

    public static TheoryData<string> FaultsBeforeAResponse { get; } =
    [
        nameof(Faults.CloseWithoutResponse),
        nameof(Faults.ResetWithoutResponse),
        nameof(Faults.SpeakAnotherProtocol),
    ];

    [Theory]
    [MemberData(nameof(FaultsBeforeAResponse))]
    public async Task Connection_ThatEndsWithoutAResponse_IsAFailureOfItsOwn(string fault)
    {
        await using var target = Target.Start(fault switch
        {
            nameof(Faults.CloseWithoutResponse) => Faults.CloseWithoutResponse,
            nameof(Faults.ResetWithoutResponse) => Faults.ResetWithoutResponse,
            _ => Faults.SpeakAnotherProtocol,
        });
        using var sender = new TestSender();
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.NoResponse, outcome);
        Assert.Null(outcome.HttpStatus);
        Assert.Null(outcome.Body);
    }

    [Fact]
    public async Task Name_ThatCannotBeResolved_IsADnsFailure()
    {
        using var sender = new TestSender();
        TestSender.AssertFailed(ItemErrorCode.Dns, await sender.SendAsync("http://rollcall-test.invalid/"));
    }

    [Fact]
    public async Task Name_LongerThanAnyNameIs_IsAFailureAndNoException()
    {
        using var sender = new TestSender();
        string label = new('a', 63);
        var outcome = await sender.SendAsync($"http://{label}.{label}.{label}.{label}.{label}.invalid/");
        Assert.Equal(OutcomeStatus.Failed, outcome.Status);
        Assert.Contains(outcome.Error!.Code, new[] { ItemErrorCode.Dns, ItemErrorCode.Connect });
    }

    [Fact]
    public async Task Tls_ToATargetWithoutIt_IsATlsFailure()
    {
        await using var target = Target.StartTls(Responses.Echo, HandshakeFaults.ReplyWith("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray()));
        using var sender = TestSender.Trusting(target.CertificateHash);
        sender.MaxAttempts = 3;
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Tls, outcome);
        Assert.Equal(1, outcome.Attempts);
    }

    [Fact]
    public async Task Tls_ThatBreaksOffInTheHandshake_IsAConnectFailureThatIsTriedAgain()
    {
        await using var target = Target.StartTls(
            Responses.Echo, HandshakeFaults.CloseAtOnce, HandshakeFaults.CloseAfterHello, HandshakeFaults.ResetAfterHello);
        using var sender = TestSender.Trusting(target.CertificateHash);
        sender.MaxWaitSeconds = 60;
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        Assert.Equal(
            [ItemErrorCode.Connect, ItemErrorCode.Connect, ItemErrorCode.Connect, null],
            outcome.AttemptHistory!.Select(a => a.Error));
    }

    [Fact]
    public async Task Tls_ThatTheTargetRefusesByAnAlert_IsATlsFailure()
    {
        // handshake_failure, fatal (RFC 8446, section 6).
        await using var target = Target.StartTls(Responses.Echo, HandshakeFaults.ReplyWith((byte[])[21, 3, 3, 0, 2, 2, 40]));
        using var sender = TestSender.Trusting(target.CertificateHash);
        sender.MaxAttempts = 3;
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Tls, outcome);
        Assert.Equal(1, outcome.Attempts);
    }

    [Fact]
    public async Task Tls_WithACertificateThatNobodyTrusts_IsATlsFailureAndNothingIsSent()
    {
        await using var target = Target.StartTls(Responses.Echo);
        using var sender = new TestSender();
        TestSender.AssertFailed(ItemErrorCode.Tls, await sender.SendAsync(target.Url));
        Assert.Empty(target.Requests);
    }
}
