using Rollcall.Sqlite.Encoding;

namespace Rollcall.Sqlite.Orchestrations;

/// <summary>
/// The sessions that wait for messages, the longest-waiting first. Guarded by the lock of <see cref="Mailboxes"/>.
/// </summary>
sealed class WaitingSessions
{
    readonly LinkedList<SessionWait> sessions = new();

    public Task<List<InboxMessage>?> Add(Mailbox mailbox, DateTimeOffset endsAt)
    {
        var wait = new SessionWait(mailbox, endsAt);
        mailbox.Wait = sessions.AddLast(wait);
        return wait.Task;
    }

    /// <summary>Ends the wait of a mailbox.</summary>
    public void End(Mailbox mailbox, List<InboxMessage>? messages)
    {
        if (mailbox.Wait is not { } wait)
        {
            return;
        }

        mailbox.Wait = null;
        sessions.Remove(wait);
        wait.Value.End(messages);
    }

    public void EndOldest()
    {
        if (sessions.First is { } oldest)
        {
            End(oldest.Value.Mailbox, null);
        }
    }

    public void EndUntil(DateTimeOffset time)
    {
        while (sessions.First is { } oldest && oldest.Value.EndsAt <= time)
        {
            End(oldest.Value.Mailbox, null);
        }
    }
}
