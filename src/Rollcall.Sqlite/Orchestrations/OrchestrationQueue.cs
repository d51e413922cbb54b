using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Microsoft.Extensions.Logging;
using Rollcall.Sqlite.Encoding;
using Rollcall.Sqlite.Messages;
using Rollcall.Sqlite.Storage;
using Rollcall.Sqlite.Tables;

namespace Rollcall.Sqlite.Orchestrations;

/// <summary>Gives instances that have messages to workers, and records their turns.</summary>
sealed class OrchestrationQueue(
    Database database,
    AllTables tables,
    MessageRouter router,
    Mailboxes mailboxes,
    Retries retries,
    SqliteOrchestrationServiceOptions options,
    ILogger logger)
{
    readonly InstanceSession? session = options.SessionIdleTimeout > TimeSpan.Zero
        ? new InstanceSession(mailboxes, options.SessionIdleTimeout, options.TimeProvider)
        : null;

    public async Task<OrchestrationWorkItem?> TakeAsync(CancellationToken cancellationToken)
    {
        while (await mailboxes.TakeAsync(cancellationToken) is { } mailbox)
        {
            var (history, messages) = await LoadAsync(mailbox);
            var item = new OrchestrationWorkItem(mailbox, history, session);
            if (messages.Count > 0)
            {
                item.NewMessages = item.Take(messages);
                return item;
            }

            mailboxes.Release(mailbox, hasUnrecorded: false);
        }

        return null;
    }

    public async Task CompleteAsync(
        OrchestrationWorkItem item,
        OrchestrationRuntimeState newState,
        IList<TaskMessage> activities,
        IList<TaskMessage> messages,
        IList<TaskMessage> timers,
        OrchestrationState? state)
    {
        var turn = Write(item, newState, activities, messages, timers, state);
        if (!await database.Write(() => turn.Record(tables, router)))
        {
            throw new SessionAbortedException($"Instance '{item.InstanceId}' was removed or replaced during a turn.");
        }

        item.Recorded();
        mailboxes.TurnRecorded(item.Mailbox);
    }

    public void Abandon(OrchestrationWorkItem item)
    {
        item.IsAbandoned = true;
        int times = mailboxes.TurnAbandoned(item.Mailbox);
        Log.TurnAbandoned(logger, item.InstanceId, Retries.Delay(times));
    }

    public void Release(OrchestrationWorkItem item)
    {
        var mailbox = item.Mailbox;
        if (mailboxes.Release(mailbox, item.IsAbandoned || item.Unrecorded.Count > 0))
        {
            retries.After(mailbox.Abandoned, () => mailboxes.Retry(mailbox));
        }
    }

    async Task<(List<HistoryEvent> History, List<InboxMessage> Messages)> LoadAsync(Mailbox mailbox)
    {
        var missing = mailboxes.Missing(mailbox);
        if (missing is { History: false, Messages: false })
        {
            return ([], mailboxes.TakeTurn(mailbox, read: null));
        }

        return await database.Read(() =>
        {
            var history = tables.Instances.ReadHistory(mailbox.Key);
            var messages = missing.Messages ? tables.Inbox.Read(mailbox.Key, tables.Instances) : null;
            // On this thread, so that no message can be committed between reading and taking.
            return (history, mailboxes.TakeTurn(mailbox, messages));
        });
    }

    Turn Write(
        OrchestrationWorkItem item,
        OrchestrationRuntimeState newState,
        IList<TaskMessage> activities,
        IList<TaskMessage> messages,
        IList<TaskMessage> timers,
        OrchestrationState? state)
    {
        bool isRestarted = !ReferenceEquals(newState, item.OrchestrationRuntimeState);
        return new Turn
        {
            Key = item.Mailbox.Key,
            InstanceId = item.InstanceId,
            LastMessage = item.Unrecorded.Count > 0 ? item.Unrecorded[^1].Number : 0,
            State = state,
            Events = MessageEncoding.EncodeTurn(newState.NewEvents, item.Unrecorded),
            Start = ChangedStart(newState, isRestarted),
            IsRestarted = isRestarted,
            Farewell = options.PurgeCompletedSubOrchestrations
                ? messages.FirstOrDefault(message => message.Event is SubOrchestrationInstanceCompletedEvent
                    or SubOrchestrationInstanceFailedEvent)
                : null,
            Activities = Encode(activities),
            Messages = Encode(messages),
            Timers = Encode(timers),
        };
    }

    // Tracing writes the identity of a span into the start during the first turn.
    static EncodedMessage? ChangedStart(OrchestrationRuntimeState state, bool isRestarted)
    {
        if (state.ExecutionStartedEvent is not { } start)
        {
            return null;
        }

        bool isTraced = start.ParentTraceContext is not null && state.NewEvents.Contains(start);
        return isRestarted || isTraced
            ? MessageEncoding.Encode(new TaskMessage { OrchestrationInstance = start.OrchestrationInstance, Event = start })
            : null;
    }

    static EncodedMessage[] Encode(IList<TaskMessage> messages)
    {
        var encoded = new EncodedMessage[messages.Count];
        for (int i = 0; i < encoded.Length; i++)
        {
            encoded[i] = MessageEncoding.Encode(messages[i]);
        }

        return encoded;
    }
}
