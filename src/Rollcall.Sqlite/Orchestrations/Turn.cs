using DurableTask.Core;
using DurableTask.Core.History;
using Rollcall.Sqlite.Encoding;
using Rollcall.Sqlite.Messages;
using Rollcall.Sqlite.Tables;

namespace Rollcall.Sqlite.Orchestrations;

/// <summary>
/// The result of one turn of an orchestration. It is encoded before it is queued, so that the database's thread only runs statements.
/// </summary>
sealed class Turn
{
    public required long Key { get; init; }

    public required string InstanceId { get; init; }

    /// <summary>The last message that the turn consumed.</summary>
    public required long LastMessage { get; init; }

    /// <summary>The state after the turn, or null if the framework ignored the messages.</summary>
    public required OrchestrationState? State { get; init; }

    public required byte[] Events { get; init; }

    /// <summary>The start, if it is new or changed.</summary>
    public required EncodedMessage? Start { get; init; }

    /// <summary>Whether a new execution began.</summary>
    public required bool IsRestarted { get; init; }

    /// <summary>
    /// The message to the parent about the end, if the instance is to be removed once the parent has consumed it.
    /// </summary>
    public required TaskMessage? Farewell { get; init; }

    public required IReadOnlyList<EncodedMessage> Activities { get; init; }

    public required IReadOnlyList<EncodedMessage> Messages { get; init; }

    public required IReadOnlyList<EncodedMessage> Timers { get; init; }

    /// <summary>Records the turn. Returns false, and records nothing, if the instance was removed or replaced.</summary>
    public bool Record(AllTables tables, MessageRouter router)
    {
        var row = tables.Instances.Find(InstanceId);
        if (row is null || row.Key != Key || row.HasEnded)
        {
            return false;
        }

        tables.TakeIn(Key, LastMessage);
        if (State is null)
        {
            return true;
        }

        RecordStart(tables, row);
        RecordState(tables, row, State);
        foreach (var activity in Activities)
        {
            tables.Changes.Activities.Add(tables.Activities.Insert(activity));
        }

        foreach (var timer in Timers)
        {
            RecordTimer(tables, row, timer);
        }

        foreach (var message in Messages)
        {
            var delivery = router.Send(message);
            if (ReferenceEquals(message.Message, Farewell) && row.HasEnded)
            {
                Leave(tables, row, delivery);
            }
        }

        return true;
    }

    void RecordStart(AllTables tables, InstanceRow row)
    {
        if (IsRestarted)
        {
            tables.Timers.DeleteOf(Key);
        }

        if (Start is { Message.Event: ExecutionStartedEvent started, Bytes: { } bytes })
        {
            if (IsRestarted)
            {
                tables.Instances.Restart(row, started, bytes);
            }
            else
            {
                tables.Instances.SetStart(row, bytes);
            }
        }
    }

    void RecordState(AllTables tables, InstanceRow row, OrchestrationState state)
    {
        if (!InstanceStatus.IsFinal(state.OrchestrationStatus))
        {
            tables.Instances.AddTurn(row, Events, state);
            return;
        }

        tables.Instances.AddTurn(row, Events, state);
        tables.Clear(row);
        tables.Changes.Ended.Add(state);
    }

    static void Leave(AllTables tables, InstanceRow row, Delivery? told)
    {
        if (told is { } delivery)
        {
            tables.Instances.SetTold(row, delivery.Key, delivery.Message.Number);
        }
        else
        {
            tables.Remove(row);
        }
    }

    // Executions that began and ended within this turn may have left timers that nothing waits for.
    static void RecordTimer(AllTables tables, InstanceRow row, EncodedMessage timer)
    {
        if (row.HasEnded
            || timer.Message.Event is not TimerFiredEvent fired
            || timer.Message.OrchestrationInstance.ExecutionId != row.ExecutionId)
        {
            return;
        }

        var due = MessageRouter.Utc(fired.FireAt);
        tables.Timers.Insert(row.Key, due, timer.Bytes);
        tables.Changes.AddTimer(due);
    }
}
