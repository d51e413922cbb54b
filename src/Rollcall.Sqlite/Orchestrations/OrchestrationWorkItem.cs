using DurableTask.Core;
using DurableTask.Core.History;
using Rollcall.Sqlite.Encoding;

namespace Rollcall.Sqlite.Orchestrations;

/// <summary>An instance that is with a worker.</summary>
sealed class OrchestrationWorkItem : TaskOrchestrationWorkItem
{
    public OrchestrationWorkItem(Mailbox mailbox, IList<HistoryEvent> history, IOrchestrationSession? session)
    {
        Mailbox = mailbox;
        InstanceId = mailbox.InstanceId;
        OrchestrationRuntimeState = new OrchestrationRuntimeState(history);
        LockedUntilUtc = DateTime.MaxValue;
        Session = session;
    }

    public Mailbox Mailbox { get; }

    /// <summary>The messages that the worker has and that no recorded turn has consumed.</summary>
    public IReadOnlyList<InboxMessage> Unrecorded { get; private set; } = [];

    public bool IsAbandoned { get; set; }

    public IList<TaskMessage> Take(List<InboxMessage> messages)
    {
        Unrecorded = messages;
        var taken = messages.ConvertAll(message => message.Content.Message);
        // The framework needs the start first. A message can arrive before a start that was scheduled for later.
        int start = messages.FindIndex(message => message.Content.IsStart);
        if (start > 0)
        {
            var message = taken[start];
            taken.RemoveAt(start);
            taken.Insert(0, message);
        }

        return taken;
    }

    public void Recorded() => Unrecorded = [];
}
