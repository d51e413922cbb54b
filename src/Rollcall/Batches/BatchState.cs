using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Batches;

/// <summary>How a batch is.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<BatchState>))]
public enum BatchState
{
    /// <summary>All items are stored; the orchestration is not scheduled yet, or it is lost and about to be scheduled again.</summary>
    Pending,

    /// <summary>The batch waits for the time at which it is to start.</summary>
    Scheduled,

    /// <summary>The orchestration is scheduled or runs, or it failed and is about to be repaired.</summary>
    Running,

    /// <summary>No item is sent until the batch is resumed. What was in flight is recorded.</summary>
    Paused,

    /// <summary>
    /// No item is sent any more: the batch was cancelled, its deadline passed, or too many items failed. What is in flight is waited for.
    /// </summary>
    Stopping,

    /// <summary>Every item has its outcome and the receipt is written.</summary>
    Completed,

    /// <summary>Every item has its outcome and the receipt is written; some were not sent, because the batch was cancelled.</summary>
    Cancelled,

    /// <summary>Every item has its outcome and the receipt is written; some were not sent, because the deadline passed.</summary>
    Expired,

    /// <summary>
    /// More items failed than the batch's options allow, and the receipt is written; or the orchestration failed for good, and there is no
    /// receipt. What is recorded is kept.
    /// </summary>
    Failed,

    /// <summary>The request was not accepted, and nothing of it was sent.</summary>
    Rejected,
}

/// <summary>How a batch is that has an orchestration and has not ended.</summary>
static class OpenState
{
    /// <summary>Says what its control makes of it.</summary>
    public static BatchState Of(BatchManifest manifest, BatchControl control, DateTimeOffset now) =>
        control.FindStop(manifest, now) is not null ? BatchState.Stopping
        : control.IsPaused ? BatchState.Paused
        : control.RunStartsAt > now ? BatchState.Scheduled
        : BatchState.Running;
}
