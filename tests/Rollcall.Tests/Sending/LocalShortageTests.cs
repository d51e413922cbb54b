using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class LocalShortageTests
{
    const string Url = "http://127.0.0.1:9/";

    readonly FakeTimeProvider time = new() { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
    readonly List<string> notes = [];

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.AddressNotAvailable)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    public async Task Shortage_OfThisMachine_CountsAsNoAttemptAndIsSaidOnce(SocketError code)
    {
        using var handler = new FailingHandler(failures: 10, () => Connect(new SocketException((int)code)));
        using var sender = CreateSender(handler, patience: null);
        var outcome = await SendAsync(sender);
        TestSender.AssertSucceeded(outcome);
        Assert.Equal((11, 1), (handler.Calls, outcome.Attempts));
        Assert.Null(outcome.AttemptHistory);
        Assert.StartsWith("This machine lacks what a connection needs (", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shortage_ThatStays_EndsTheSendingWithTheReason()
    {
        using var handler = new FailingHandler(
            failures: int.MaxValue,
            () => Connect(new SocketException((int)SocketError.TooManyOpenSockets)));
        using var sender = CreateSender(handler, TimeSpan.FromSeconds(30));
        var error = await Assert.ThrowsAsync<LocalShortageException>(() => SendAsync(sender));
        Assert.StartsWith("This machine has lacked what a connection needs for 30 s: ", error.Message, StringComparison.Ordinal);
        Assert.InRange(handler.Calls, 20, 70);
    }

    [Fact]
    public async Task NameOrTls_ThatFailsRightAfterAShortage_CountsAsNoAttempt()
    {
        var failures = new Queue<Exception>(
        [
            Connect(new SocketException((int)SocketError.TooManyOpenSockets)),
            new HttpRequestException(HttpRequestError.NameResolutionError, "no name", new SocketException((int)SocketError.HostNotFound)),
            new HttpRequestException(HttpRequestError.SecureConnectionError, "no certificates", new IOException("Too many open files")),
        ]);
        using var handler = new FailingHandler(failures.Count, failures.Dequeue);
        using var sender = CreateSender(handler, patience: null);
        var outcome = await SendAsync(sender);
        TestSender.AssertSucceeded(outcome);
        Assert.Equal((4, 1), (handler.Calls, outcome.Attempts));
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused)]
    [InlineData(SocketError.HostUnreachable)]
    public async Task Failure_OfTheTarget_IsAnAttempt(SocketError code)
    {
        using var handler = new FailingHandler(failures: 10, () => Connect(new SocketException((int)code)));
        using var sender = CreateSender(handler, patience: null);
        var outcome = await SendAsync(sender);
        TestSender.AssertFailed(ItemErrorCode.Connect, outcome);
        Assert.Equal((1, 1), (handler.Calls, outcome.Attempts));
        Assert.Empty(notes);
    }

    [Fact]
    public async Task Shortage_LetsFewerIntoFlight()
    {
        var pace = new TargetPace(time, () => 0);
        var permits = new List<TargetPermit>();
        for (int i = 0; i < 8; i++)
        {
            permits.Add(await pace.EnterAsync(left: null, TestContext.Current.CancellationToken));
        }

        pace.GiveBackForLess(permits[0]);
        pace.GiveBackForLess(permits[1]);
        Assert.Equal(4, pace.Limit);
    }

    static HttpRequestException Connect(SocketException inner) => new(HttpRequestError.ConnectionError, "no connection", inner);

    TestSender CreateSender(HttpMessageHandler handler, TimeSpan? patience) =>
        new(time, client: SenderHttp.CreateClient(handler), shortage: new LocalShortage(time, notes.Add, patience)) { MaxAttempts = 3 };

    // Every wait is over at once, by the clock that moves on.
    async Task<ItemOutcome> SendAsync(TestSender sender)
    {
        var sending = sender.SendAsync(Url);
        while (!sending.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await sending;
    }

    sealed class FailingHandler(int failures, Func<Exception> fail) : HttpMessageHandler
    {
        public int Calls { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Calls++ < failures
                ? Task.FromException<HttpResponseMessage>(fail())
                : Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    }
}
