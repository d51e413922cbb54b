namespace Rollcall.Lifecycle;

/// <summary>A batch about which something was done.</summary>
/// <param name="Reason">Why.</param>
public sealed record ReconciledBatch(string BatchId, ReconcileAction Action, string Reason)
{
    /// <summary>A sentence for a log.</summary>
    public override string ToString() => Action switch
    {
        ReconcileAction.Scheduled => $"Batch '{BatchId}' was scheduled again: {Reason}",
        ReconcileAction.Repaired => $"Batch '{BatchId}' goes on in a new orchestration, because the last one failed: {Reason}",
        ReconcileAction.Failed => $"Batch '{BatchId}' failed: {Reason}",
        ReconcileAction.NoticeScheduled => $"The notice of the end of batch '{BatchId}' was scheduled again: {Reason}",
        ReconcileAction.Discarded => $"The intake of batch '{BatchId}' broke off, and what it had stored was deleted: {Reason}",
        _ => $"Batch '{BatchId}' could not be looked at: {Reason}",
    };
}

/// <summary>What was done about a batch that was open and had nothing that ran it.</summary>
public enum ReconcileAction
{
    /// <summary>It had no orchestration, and has one now.</summary>
    Scheduled,

    /// <summary>Its orchestration had failed, and another one takes up what is left.</summary>
    Repaired,

    /// <summary>It failed for good, and the reason is recorded.</summary>
    Failed,

    /// <summary>The notice of its end was not sent by anything, and is now.</summary>
    NoticeScheduled,

    /// <summary>Its intake broke off long ago, and what was stored of it is deleted.</summary>
    Discarded,

    /// <summary>It could not be looked at; the next pass tries again.</summary>
    Skipped,
}
