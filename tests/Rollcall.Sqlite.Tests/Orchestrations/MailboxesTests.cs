using DurableTask.Core;
using DurableTask.Core.History;
using Rollcall.Sqlite.Encoding;
using Rollcall.Sqlite.Orchestrations;
using Rollcall.Sqlite.Tables;
using Xunit;

namespace Rollcall.Sqlite.Tests.Orchestrations;

public sealed class MailboxesTests
{
    readonly Mailboxes mailboxes = new(mostTaken: 2);
    long number;

    [Fact]
    public async Task Message_ForAWaitingSession_IsHandedToIt()
    {
        var mailbox = await TakenAsync(1);
        var wait = mailboxes.WaitAsync(mailbox, DateTimeOffset.MaxValue);

        Deliver(1);

        Assert.Single((await wait)!);
        Assert.Equal(0, mailboxes.Ready.Count);
    }

    [Fact]
    public async Task Message_AfterASessionEndedAndBeforeItsRelease_MakesTheInstanceReadyAgain()
    {
        var mailbox = await TakenAsync(1);
        var wait = mailboxes.WaitAsync(mailbox, DateTimeOffset.UnixEpoch);
        mailboxes.EndIdle(DateTimeOffset.UnixEpoch);
        var ended = await wait;

        Deliver(1);
        mailboxes.Release(mailbox, hasUnrecorded: false);

        Assert.Null(ended);
        var again = await TakeAsync();
        Assert.Same(mailbox, again);
        Assert.Single(mailboxes.TakeTurn(again!, read: null));
    }

    [Fact]
    public async Task Message_AfterTheRelease_MakesTheInstanceReadyAgain()
    {
        var mailbox = await TakenAsync(1);
        mailboxes.Release(mailbox, hasUnrecorded: false);

        Deliver(1);

        Assert.Equal(1, (await TakeAsync())?.Key);
    }

    [Fact]
    public async Task Release_OfATurnThatWasNotRecorded_ReadsItsMessagesFromTheFileAgain()
    {
        var mailbox = await TakenAsync(1);
        Deliver(1);

        mailboxes.Release(mailbox, hasUnrecorded: true);

        var again = await TakeAsync();
        Assert.True(mailboxes.Missing(again!).Messages);
        Assert.Empty(again!.Messages);
    }

    [Fact]
    public async Task ReadyInstance_WhenAllPlacesAreTaken_EndsTheSessionThatWaitsLongest()
    {
        var first = await TakenAsync(1);
        var second = await TakenAsync(2);
        var firstWait = mailboxes.WaitAsync(first, DateTimeOffset.MaxValue);
        var secondWait = mailboxes.WaitAsync(second, DateTimeOffset.MaxValue);

        Deliver(3);

        Assert.Null(await firstWait);
        Assert.False(secondWait.IsCompleted);
    }

    [Fact]
    public async Task Session_WhenOthersWaitForAPlace_DoesNotWait()
    {
        var first = await TakenAsync(1);
        await TakenAsync(2);
        Deliver(3);

        Assert.Null(await mailboxes.WaitAsync(first, DateTimeOffset.MaxValue));
    }

    [Fact]
    public async Task Session_OfARemovedInstance_Ends()
    {
        var mailbox = await TakenAsync(1);
        var wait = mailboxes.WaitAsync(mailbox, DateTimeOffset.MaxValue);

        mailboxes.Remove(1);

        Assert.Null(await wait);
        mailboxes.Release(mailbox, hasUnrecorded: false);
        Assert.Equal(0, mailboxes.Taken.Count);
    }

    [Fact]
    public async Task RemovedInstance_ThatWasReady_IsNotHandedOut()
    {
        Deliver(1);
        Deliver(2);
        mailboxes.Remove(1);

        Assert.Equal(2, (await TakeAsync())?.Key);
    }

    [Fact]
    public async Task Messages_OfMoreThanFitInMemory_AreLeftInTheFile()
    {
        for (int i = 0; i < 20_001; i++)
        {
            Deliver(i / 2);
        }

        var mailbox = await TakeAsync();
        Assert.False(mailboxes.Missing(mailbox!).Messages);
        mailboxes.Remove(mailbox!.Key);
        mailboxes.Release(mailbox, hasUnrecorded: false);
        for (int key = 1; key < 10_000; key++)
        {
            mailbox = await TakeAsync();
            mailboxes.Release(mailbox!, hasUnrecorded: false);
            if (mailboxes.Missing(mailbox!).Messages)
            {
                return;
            }
        }

        Assert.Fail("All messages were kept in memory.");
    }

    [Fact]
    public async Task Pause_ThenResume_HandsOutWhatCameMeanwhile()
    {
        mailboxes.Pause();
        Deliver(1);
        var take = TakeAsync();
        Assert.False(take.IsCompleted);

        mailboxes.Resume();

        Assert.Equal(1, (await take)?.Key);
    }

    async Task<Mailbox> TakenAsync(long key)
    {
        Deliver(key);
        var mailbox = await TakeAsync();
        mailboxes.TakeTurn(mailbox!, read: null);
        return mailbox!;
    }

    Task<Mailbox?> TakeAsync() => mailboxes.TakeAsync(TestContext.Current.CancellationToken);

    void Deliver(long key)
    {
        var instance = new OrchestrationInstance { InstanceId = $"i{key}", ExecutionId = "e" };
        var message = MessageEncoding.Encode(new TaskMessage { OrchestrationInstance = instance, Event = new EventRaisedEvent(-1, "x") });
        mailboxes.Deliver(new Delivery(key, instance.InstanceId, HasHistory: true, new InboxMessage(++number, message)));
    }
}
