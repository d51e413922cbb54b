using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderBodyFaultTests
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
        using var sender = TestSender.Trusting(target.CertificateHash);
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, outcome);
        await sender.AssertBodyAsync(Part, outcome);
    }

    [Fact]
    public async Task Body_OverTlsThatIsWhole_Succeeds()
    {
        await using var target = Target.StartTls(Responses.With(200, Part));
        using var sender = TestSender.Trusting(target.CertificateHash);
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        await sender.AssertBodyAsync(Part, outcome);
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
    public async Task Body_ThatDripsWithoutALongPause_TimesOutAllTheSame()
    {
        var time = new FakeTimeProvider();
        using var taken = new TakenBytes();
        await using var target = Target.Start(async (_, connection) =>
        {
            await taken.SendAsync(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            for (int sent = 0; sent < 50; sent++)
            {
                await taken.SendAsync(connection, "x");
                time.Advance(TimeSpan.FromMilliseconds(20));
            }

            await Task.Delay(Timeout.Infinite, connection.Stopping);
        });
        using var sender = new TestSender(time, client: SenderHttp.CreateClient(taken.CreateHandler())) { TimeoutSeconds = 1 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Timeout, outcome);
        Assert.Equal(new string('x', 50), outcome.Body?.Text);
        Assert.Equal("The time limit of 1 s passed after 50 bytes of the body.", outcome.Error!.Message);
        Assert.Equal(1000, outcome.DurationMs);
    }

    [Fact]
    public async Task Headers_ThatDripWithoutALongPause_TimeOutAllTheSame()
    {
        await using var target = Target.Start(Faults.DripHeaders(gap: TimeSpan.FromMilliseconds(20)));
        using var sender = new TestSender { TimeoutSeconds = 0.5 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Timeout, outcome);
        Assert.Null(outcome.HttpStatus);
    }

    [Fact]
    public async Task Body_WithoutALength_EndsWithTheConnection()
    {
        await using var target = Target.Start(Responses.UntilClose(Part));
        using var sender = new TestSender();
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        await sender.AssertBodyAsync(Part, outcome);
    }

    [Fact]
    public async Task Body_WithoutALengthAndReset_IsIncompleteWithItsStartKept()
    {
        var (hasRead, hook) = Watch();
        await using var target = Target.Start(Faults.ResetWithoutLength(Part, hasRead));
        using var sender = new TestSender(bodyHook: hook);
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, outcome);
        await sender.AssertBodyAsync(Part[..(int)outcome.Body!.Bytes], outcome);
    }

    [Fact]
    public async Task Store_ThatFails_IsAnExceptionAndNoOutcome()
    {
        await using var target = Target.Start(Responses.With(200, Part));
        using var sender = new TestSender(bodyHook: _ => new FullDiskStream()) { MaxAttempts = 3 };
        var failure = await Assert.ThrowsAsync<IOException>(() => sender.SendAsync(target.Url));
        Assert.Equal(FullDiskStream.Message, failure.Message);
        Assert.Single(target.Requests);
    }

    [Fact]
    public async Task Store_ThatFailsOverTheNetwork_IsNotTakenForTheTarget()
    {
        await using var target = Target.Start(Responses.With(200, Part));
        using var sender = new TestSender(bodyHook: _ => throw new IOException("The store is away.", new SocketException()));
        await Assert.ThrowsAsync<IOException>(() => sender.SendAsync(target.Url));
    }

    /// <summary>A hook that ends the task once a body goes to the store, and so more than the inline limit of it has been read.</summary>
    static (Task HasRead, Func<Stream, Stream> Hook) Watch()
    {
        var hasRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Stream Hook(Stream stream)
        {
            hasRead.TrySetResult();
            return stream;
        }

        return (hasRead.Task, Hook);
    }
}
