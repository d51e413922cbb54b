using System.Text;
using Rollcall.Batches;
using Rollcall.Notices;
using Rollcall.Sending;

namespace Rollcall.Tests.Notices;

public sealed class QueueNoticeTests : IDisposable
{
    readonly EndedBatch batch = new();
    Notice? notice;

    public void Dispose() => batch.Dispose();

    [Fact]
    public async Task Queue_ThatTakesTheMessage_GetsTheNoticesJson()
    {
        var sent = new List<(string Queue, string Message)>();

        var (delivery, wait) = await SendAsync((queue, message, _) =>
        {
            sent.Add((queue, message));
            return Task.CompletedTask;
        });

        Assert.Equal((NoticeState.Delivered, null), (delivery.Status, wait));
        Assert.Equal([("ended", Encoding.UTF8.GetString(notice!.Body.Span))], sent);
    }

    [Fact]
    public async Task Queue_WhoseAccountFails_IsSentToAgain()
    {
        var (delivery, wait) = await SendAsync((_, _, _) => Task.FromException(new IOException("The account is busy.")));

        Assert.Equal(NoticeState.Pending, delivery.Status);
        Assert.NotNull(wait);
        Assert.Equal("The account is busy.", delivery.Attempts.Single().Error);
    }

    [Fact]
    public async Task Queue_OfAHostThatHasNone_FailsByName()
    {
        var (delivery, wait) = await SendAsync(queues: null);

        Assert.Equal((NoticeState.Failed, null), (delivery.Status, wait));
        Assert.Contains("no queues", delivery.Attempts.Single().Error, StringComparison.Ordinal);
    }

    async Task<(NoticeDelivery Delivery, TimeSpan? Wait)> SendAsync(QueueSend? queues)
    {
        await batch.SealAsync();
        using var client = SenderHttp.CreateClient();
        var sender = new NoticeSender(client, (_, _) => null, batch.Time, () => 0.5, queues);
        notice = await Notice.CreateAsync(batch.Store, batch.Manifest, run: 1);
        return await sender.SendAsync(notice, new OnCompleted { Queue = "ended" }, NoticeChannel.Queue, []);
    }
}
