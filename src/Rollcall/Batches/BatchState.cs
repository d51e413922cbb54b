using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Batches;

/// <summary>The state of a batch.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<BatchState>))]
public enum BatchState
{
    /// <summary>All items are stored; the orchestration is not scheduled yet, or was lost and is about to be scheduled again.</summary>
    Pending,

    /// <summary>The batch waits for its start time.</summary>
    Scheduled,

    /// <summary>The orchestration is scheduled or running, or it failed and is about to be repaired.</summary>
    Running,

    /// <summary>No item is sent until the batch is resumed. Responses to items in flight are recorded.</summary>
    Paused,

    /// <summary>
    /// No more items are sent: the batch was cancelled, its deadline passed, or too many items failed. Items in flight are waited for.
    /// </summary>
    Stopping,

    /// <summary>Every item has its outcome and the receipt is written.</summary>
    Completed,

    /// <summary>Every item has its outcome and the receipt is written; some were not sent because the batch was cancelled.</summary>
    Cancelled,

    /// <summary>Every item has its outcome and the receipt is written; some were not sent because the deadline passed.</summary>
    Expired,

    /// <summary>
    /// More items failed than the batch's options allow, and the receipt is written; or the orchestration failed permanently, and there is
    /// no receipt. Recorded outcomes are kept.
    /// </summary>
    Failed,

    /// <summary>The request was not accepted, and no item was sent.</summary>
    Rejected,
}

/// <summary>The state of a batch that has an orchestration and has not ended.</summary>
static class OpenState
{
    /// <summary>Derives the state from the batch's control.</summary>
    public static BatchState Of(BatchManifest manifest, BatchControl control, DateTimeOffset now) => control switch
    {
        _ when control.FindStop(manifest, now) is not null => BatchState.Stopping,
        { IsPaused: true } => BatchState.Paused,
        _ when control.RunStartsAt > now => BatchState.Scheduled,
        _ => BatchState.Running,
    };
}
