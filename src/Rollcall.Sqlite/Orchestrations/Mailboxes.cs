using Rollcall.Sqlite.Encoding;
using Rollcall.Sqlite.Tables;

namespace Rollcall.Sqlite.Orchestrations;

/// <summary>
/// The instances that have messages or are with a worker. A mailbox exists exactly as long as one of these is true, so a committed message
/// either finds the waiting session or makes its instance ready.
/// </summary>
sealed class Mailboxes
{
    readonly int mostTaken;
    readonly Lock gate = new();
    readonly Dictionary<long, Mailbox> mailboxes = [];
    readonly WaitingSessions sessions = new();
    readonly MessageMemory memory = new();
    bool isPaused;

    public Mailboxes(int mostTaken)
    {
        this.mostTaken = mostTaken;
        Ready = new WorkLine<Mailbox>(Taken);
    }

    /// <summary>The instances that have messages and no worker.</summary>
    public WorkLine<Mailbox> Ready { get; }

    /// <summary>The instances that are with a worker.</summary>
    public InFlight Taken { get; } = new();

    /// <summary>Adds an instance whose messages an earlier process recorded.</summary>
    public void Recover(long key, string instanceId, bool isStarted)
    {
        lock (gate)
        {
            var mailbox = new Mailbox(key, instanceId) { IsStored = true, IsStarted = isStarted, HasHistory = true };
            mailboxes[key] = mailbox;
            if (isStarted)
            {
                MakeReady(mailbox);
            }
        }
    }

    public void Deliver(Delivery delivery)
    {
        lock (gate)
        {
            var mailbox = mailboxes.GetValueOrDefault(delivery.Key)
                ?? (mailboxes[delivery.Key] = new Mailbox(delivery.Key, delivery.InstanceId));
            mailbox.HasHistory |= delivery.HasHistory;
            mailbox.IsStarted |= delivery.HasHistory || delivery.Message.Content.IsStart;
            memory.Keep(mailbox, delivery.Message);
            if (mailbox.Wait is not null)
            {
                sessions.End(mailbox, memory.TakeTurn(mailbox));
            }
            else if (mailbox.State == MailboxState.Resting && mailbox.IsStarted && mailbox.Abandoned == 0)
            {
                MakeReady(mailbox);
            }
        }
    }

    /// <summary>Ensures that no more turns of an instance are given out.</summary>
    public void Remove(long key)
    {
        lock (gate)
        {
            if (!mailboxes.Remove(key, out var mailbox))
            {
                return;
            }

            mailbox.State = MailboxState.Gone;
            memory.LeaveInFile(mailbox);
            sessions.End(mailbox, null);
        }
    }

    /// <summary>Takes the next instance that has messages. Returns null when the token is cancelled or the service stops.</summary>
    public async Task<Mailbox?> TakeAsync(CancellationToken cancellationToken)
    {
        while (await Ready.TakeAsync(cancellationToken) is { } mailbox)
        {
            lock (gate)
            {
                if (mailbox.State == MailboxState.Ready)
                {
                    mailbox.State = MailboxState.Taken;
                    return mailbox;
                }
            }

            Taken.Leave();
        }

        return null;
    }

    /// <summary>What a worker must read before it can continue with an instance.</summary>
    public (bool History, bool Messages) Missing(Mailbox mailbox)
    {
        lock (gate)
        {
            return (mailbox.HasHistory, mailbox.IsStored);
        }
    }

    /// <summary>Takes the messages of the next turn, from those just read from the file if they were there.</summary>
    public List<InboxMessage> TakeTurn(Mailbox mailbox, List<InboxMessage>? read)
    {
        lock (gate)
        {
            if (read is not null)
            {
                memory.Load(mailbox, read);
            }

            return memory.TakeTurn(mailbox);
        }
    }

    /// <summary>Waits for messages of an instance that is with a worker. Returns null when the worker should release it.</summary>
    public Task<List<InboxMessage>?> WaitAsync(Mailbox mailbox, DateTimeOffset endsAt)
    {
        lock (gate)
        {
            bool hasMessages = mailbox.Messages.Count > 0;
            if (isPaused || mailbox.State == MailboxState.Gone || (!hasMessages && IsCrowded && Ready.Count > 0))
            {
                return Task.FromResult<List<InboxMessage>?>(null);
            }

            return hasMessages ? Task.FromResult<List<InboxMessage>?>(memory.TakeTurn(mailbox)) : sessions.Add(mailbox, endsAt);
        }
    }

    public void TurnRecorded(Mailbox mailbox)
    {
        lock (gate)
        {
            mailbox.HasHistory = true;
            mailbox.Abandoned = 0;
        }
    }

    /// <summary>Counts an abandoned turn. Returns how many were abandoned in a row.</summary>
    public int TurnAbandoned(Mailbox mailbox)
    {
        lock (gate)
        {
            return ++mailbox.Abandoned;
        }
    }

    /// <summary>
    /// Takes an instance back from a worker. Messages that no recorded turn has consumed are in the file and will be read from there.
    /// </summary>
    /// <returns>Whether the instance waits for <see cref="Retry"/>.</returns>
    public bool Release(Mailbox mailbox, bool hasUnrecorded)
    {
        lock (gate)
        {
            Taken.Leave();
            if (mailbox.State == MailboxState.Gone)
            {
                return false;
            }

            if (hasUnrecorded)
            {
                memory.LeaveInFile(mailbox);
            }

            mailbox.State = MailboxState.Resting;
            if (mailbox.Abandoned > 0)
            {
                return true;
            }

            if (mailbox.IsStored || mailbox.Messages.Count > 0)
            {
                MakeReady(mailbox);
            }
            else
            {
                mailboxes.Remove(mailbox.Key);
            }

            return false;
        }
    }

    /// <summary>Makes an instance ready again after an abandoned turn.</summary>
    public void Retry(Mailbox mailbox)
    {
        lock (gate)
        {
            if (mailbox.State == MailboxState.Resting)
            {
                MakeReady(mailbox);
            }
        }
    }

    /// <summary>Ends the sessions that have waited long enough.</summary>
    public void EndIdle(DateTimeOffset now)
    {
        lock (gate)
        {
            sessions.EndUntil(now);
        }
    }

    /// <summary>Gives out no work until <see cref="Resume"/>, and ends the sessions.</summary>
    public void Pause()
    {
        Ready.Pause();
        lock (gate)
        {
            isPaused = true;
            sessions.EndUntil(DateTimeOffset.MaxValue);
        }
    }

    public void Resume()
    {
        lock (gate)
        {
            isPaused = false;
        }

        Ready.Resume();
    }

    bool IsCrowded => Taken.Count >= mostTaken;

    void MakeReady(Mailbox mailbox)
    {
        mailbox.State = MailboxState.Ready;
        Ready.Add(mailbox);
        if (IsCrowded)
        {
            sessions.EndOldest();
        }
    }
}
