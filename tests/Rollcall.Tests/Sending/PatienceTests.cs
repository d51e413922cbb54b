using System.Net;
using System.Net.Sockets;
using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class PatienceTests
{
    const string Url = "http://127.0.0.1:9/item";

    [Theory]
    [InlineData("http://127.0.0.1:9/", 31, OutcomeStatus.Succeeded)]
    [InlineData("http://127.0.0.1:9/", 3599, OutcomeStatus.Succeeded)]
    [InlineData("http://127.0.0.1:9/", 3600, OutcomeStatus.Failed)]
    [InlineData("", 29, OutcomeStatus.Succeeded)]
    [InlineData("", 30, OutcomeStatus.Failed)]
    public async Task HostThatHasNeverResponded_IsWaitedForUnlessTheBatchHasNoTarget(string target, int refusedFor, OutcomeStatus status)
    {
        var time = new JumpingTime(TimeSpan.FromSeconds(20));
        using var handler = new RefusingHandler(refusals: 1);
        using var sender = new TestSender(time, client: SenderHttp.CreateClient(handler))
        {
            Head = new RequestHead { Url = Url },
            MaxWaitSeconds = 3600,
        };
        Attempt refused = new(time.GetUtcNow().AddSeconds(-refusedFor), 1, HttpStatus: null, ItemErrorCode.Connect);

        var result = await sender.TrySendAsync(target, "{}"u8.ToArray(), earlier: [refused]);

        Assert.Equal((status, null), (result.Outcome.Status, result.RetryAfter));
    }

    sealed class RefusingHandler(int refusals) : HttpMessageHandler
    {
        int calls;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            calls++ < refusals
                ? Task.FromException<HttpResponseMessage>(new HttpRequestException(
                    HttpRequestError.ConnectionError, "no connection", new SocketException((int)SocketError.ConnectionRefused)))
                : Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    }
}
