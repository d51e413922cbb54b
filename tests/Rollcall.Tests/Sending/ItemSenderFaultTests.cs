using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderFaultTests
{
    const int Promised = 100_000;

    static readonly byte[] Part = TestBytes.Text(50_000);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(50_000)]
    public async Task Body_CutBeforeItsContentLength_IsIncompleteWithItsStartKept(int length)
    {
        await using var target = Target.Start(Faults.BreakOff(Part.AsMemory(0, length), Promised));
        using var sender = new TestSender();
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, outcome);
        Assert.StartsWith($"The connection ended after {length} bytes", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(200, outcome.HttpStatus);
        await sender.AssertBodyAsync(Part[..length], outcome);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50_000)]
    public async Task Body_WithoutItsLastChunk_IsIncompleteWithItsStartKept(int length)
    {
        await using var target = Target.Start(Faults.BreakOffChunked(Part.AsMemory(0, length)));
        using var sender = new TestSender();
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, outcome);
        await sender.AssertBodyAsync(Part[..length], outcome);
    }

    [Fact]
    public async Task Body_WithAGarbledChunk_IsIncompleteWithItsStartKept()
    {
        await using var target = Target.Start(Faults.GarbleChunks(Part));
        using var sender = new TestSender();
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, outcome);
        await sender.AssertBodyAsync(Part, outcome);
    }

    [Fact]
    public async Task Connection_ResetInTheBody_IsIncompleteWithItsStartKept()
    {
        var (hasRead, hook) = Watch();
        await using var target = Target.Start(Faults.ResetInBody(Part, Promised, hasRead));
        using var sender = new TestSender(bodyHook: hook);
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, outcome);
        Assert.InRange(outcome.Body!.Bytes, ItemBody.MaxInlineBytes + 1, Part.Length);
        await sender.AssertBodyAsync(Part[..(int)outcome.Body.Bytes], outcome);
    }

    [Fact]
    public async Task Connection_ThatEndsInATlsRecord_IsIncompleteWithItsStartKept()
    {
        await using var target = Target.StartTls(Faults.BreakOffInTlsRecord(Part, Promised));
        using var sender = new TestSender(client: TrustingClient(target));
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, outcome);
        await sender.AssertBodyAsync(Part, outcome);
    }

    [Fact]
    public async Task Body_OverTlsThatIsWhole_Succeeds()
    {
        await using var target = Target.StartTls(Answers.With(200, Part));
        using var sender = new TestSender(client: TrustingClient(target));
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        await sender.AssertBodyAsync(Part, outcome);
    }

    [Fact]
    public async Task Target_ThatNeverAnswers_TimesOut()
    {
        await using var target = Target.Start(Faults.NeverAnswer);
        using var sender = new TestSender { TimeoutSeconds = 0.3 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Timeout, outcome);
        Assert.Equal("The time limit of 0.3 s passed before an answer began.", outcome.Error!.Message);
        Assert.Null(outcome.HttpStatus);
        Assert.Null(outcome.Body);
        Assert.True(outcome.DurationMs >= 290, $"An attempt with 300 ms of time took {outcome.DurationMs} ms.");
    }

    [Fact]
    public async Task Target_ThatFallsSilentInTheBody_TimesOutWithTheBodysStartKept()
    {
        var time = new FakeTimeProvider();
        var (hasRead, hook) = Watch();
        await using var target = Target.Start(Faults.FallSilent(Part, Promised));
        using var sender = new TestSender(time, hook) { TimeoutSeconds = 100 };
        var sending = sender.SendAsync(target.Url);
        await hasRead;
        time.Advance(TimeSpan.FromSeconds(99));
        Assert.False(sending.IsCompleted, "The attempt ended before its time.");
        time.Advance(TimeSpan.FromSeconds(1));
        var outcome = await sending;
        TestSender.AssertFailed(ItemErrorCode.Timeout, outcome);
        Assert.InRange(outcome.Body!.Bytes, ItemBody.MaxInlineBytes + 1, Part.Length);
        Assert.Equal($"The time limit of 100 s passed after {outcome.Body.Bytes} bytes of the body.", outcome.Error!.Message);
        Assert.Equal((200, 100_000), (outcome.HttpStatus, outcome.DurationMs));
        await sender.AssertBodyAsync(Part[..(int)outcome.Body.Bytes], outcome);
    }

    [Fact]
    public async Task Target_ThatSendsHeadersOnly_TimesOut()
    {
        await using var target = Target.Start(Faults.FallSilent(ReadOnlyMemory<byte>.Empty, Promised));
        using var sender = new TestSender { TimeoutSeconds = 0.3 };
        TestSender.AssertFailed(ItemErrorCode.Timeout, await sender.SendAsync(target.Url));
    }

    [Fact]
    public async Task Connection_ThatIsRefused_IsAConnectFailure()
    {
        using var port = new ClosedPort();
        using var sender = new TestSender();
        TestSender.AssertFailed(ItemErrorCode.Connect, await sender.SendAsync(port.Url));
    }

    public static TheoryData<string> FaultsBeforeAnAnswer { get; } = [nameof(Faults.CloseWithoutAnswer), nameof(Faults.ResetWithoutAnswer), nameof(Faults.SpeakAnotherProtocol)];

    [Theory]
    [MemberData(nameof(FaultsBeforeAnAnswer))]
    public async Task Connection_ThatEndsWithoutAnAnswer_IsAConnectFailure(string fault)
    {
        await using var target = Target.Start(fault switch
        {
            nameof(Faults.CloseWithoutAnswer) => Faults.CloseWithoutAnswer,
            nameof(Faults.ResetWithoutAnswer) => Faults.ResetWithoutAnswer,
            _ => Faults.SpeakAnotherProtocol,
        });
        using var sender = new TestSender();
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Connect, outcome);
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
        await using var target = Target.Start(Answers.Echo);
        using var sender = new TestSender();
        TestSender.AssertFailed(ItemErrorCode.Tls, await sender.SendAsync($"https://127.0.0.1:{target.Port}/"));
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task Tls_WithACertificateThatNobodyTrusts_IsATlsFailureAndNothingIsSent()
    {
        await using var target = Target.StartTls(Answers.Echo);
        using var sender = new TestSender();
        TestSender.AssertFailed(ItemErrorCode.Tls, await sender.SendAsync(target.Url));
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task Store_ThatFails_IsAnExceptionAndNoOutcome()
    {
        await using var target = Target.Start(Answers.With(200, Part));
        using var sender = new TestSender(bodyHook: _ => new FullDiskStream()) { MaxAttempts = 3 };
        var failure = await Assert.ThrowsAsync<IOException>(() => sender.SendAsync(target.Url));
        Assert.Equal(FullDiskStream.Message, failure.Message);
        Assert.Single(target.Requests);
    }

    [Fact]
    public async Task Store_ThatFailsOverTheNetwork_IsNotTakenForTheTarget()
    {
        await using var target = Target.Start(Answers.With(200, Part));
        using var sender = new TestSender(bodyHook: _ => throw new IOException("The store is away.", new SocketException()));
        await Assert.ThrowsAsync<IOException>(() => sender.SendAsync(target.Url));
    }

    /// <summary>A hook that ends the task once a body goes to the store, and so more than the inline bound of it has been read.</summary>
    static (Task HasRead, Func<Stream, Stream> Hook) Watch()
    {
        var hasRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (hasRead.Task, stream =>
        {
            hasRead.TrySetResult();
            return stream;
        });
    }

    static HttpClient TrustingClient(Target target)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == target.CertificateHash;
        return new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
