using DurableTask.Core.History;
using Rollcall.Sqlite.Encoding;

namespace Rollcall.Sqlite.Orchestrations;

/// <summary>The messages of one instance that no turn has consumed yet. Guarded by the lock of <see cref="Mailboxes"/>.</summary>
sealed class Mailbox(long key, string instanceId)
{
    public long Key => key;

    public string InstanceId => instanceId;

    public MailboxState State { get; set; } = MailboxState.Resting;

    /// <summary>Whether turns are recorded, so that a worker needs the history.</summary>
    public bool HasHistory { get; set; }

    /// <summary>Whether the start is recorded. Nothing is consumed before it.</summary>
    public bool IsStarted { get; set; }

    /// <summary>Whether the messages are only in the file and must be read from there.</summary>
    public bool IsStored { get; set; }

    public List<InboxMessage> Messages { get; set; } = [];

    /// <summary>The session that waits here for messages, if one does.</summary>
    public LinkedListNode<SessionWait>? Wait { get; set; }

    /// <summary>How many times in a row a turn was abandoned.</summary>
    public int Abandoned { get; set; }

    /// <summary>
    /// Takes the messages of one turn. A suspension begins a turn: when an execution continues as new and is suspended within
    /// one turn, the framework loses the events that come after the suspension.
    /// </summary>
    public List<InboxMessage> TakeTurn()
    {
        var messages = Messages;
        int suspension = messages.Count > 1
            ? messages.FindIndex(1, message => message.Content.Message.Event.EventType == EventType.ExecutionSuspended)
            : -1;
        Messages = suspension < 0 ? [] : messages[suspension..];
        return suspension < 0 ? messages : messages[..suspension];
    }
}
