using Rollcall.Sqlite.Encoding;

namespace Rollcall.Sqlite.Orchestrations;

/// <summary>Which messages are in memory, and which only in the file. Guarded by the lock of <see cref="Mailboxes"/>.</summary>
sealed class MessageMemory
{
    /// <summary>If more messages than this are in memory, those of waiting instances stay in the file.</summary>
    const int Most = 10_000;

    int count;

    public void Keep(Mailbox mailbox, InboxMessage message)
    {
        if (mailbox.IsStored)
        {
            return;
        }

        if (count >= Most && mailbox.State == MailboxState.Ready)
        {
            LeaveInFile(mailbox);
            return;
        }

        mailbox.Messages.Add(message);
        count++;
    }

    /// <summary>Keeps all messages of a mailbox, which were just read from the file.</summary>
    public void Load(Mailbox mailbox, List<InboxMessage> read)
    {
        mailbox.IsStored = false;
        mailbox.Messages = read;
        count += read.Count;
    }

    public List<InboxMessage> TakeTurn(Mailbox mailbox)
    {
        var messages = mailbox.TakeTurn();
        count -= messages.Count;
        return messages;
    }

    /// <summary>Forgets the messages of a mailbox. They will be read from the file.</summary>
    public void LeaveInFile(Mailbox mailbox)
    {
        count -= mailbox.Messages.Count;
        mailbox.Messages = [];
        mailbox.IsStored = true;
    }
}
