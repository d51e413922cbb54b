namespace Rollcall.Lifecycle;

/// <summary>A batch that something was done about.</summary>
/// <param name="Reason">Why.</param>
public sealed record ReconciledBatch(string BatchId, ReconcileAction Action, string Reason)
{
    /// <summary>A sentence for a log.</summary>
    public override string ToString() => Action switch
    {
        ReconcileAction.Scheduled => $"Batch '{BatchId}' was scheduled again: {Reason}",
        ReconcileAction.Repaired => $"Batch '{BatchId}' continues in a new orchestration, because the last one failed: {Reason}",
        ReconcileAction.Failed => $"Batch '{BatchId}' failed: {Reason}",
        ReconcileAction.NoticeScheduled => $"The notice of the end of batch '{BatchId}' was scheduled again: {Reason}",
        ReconcileAction.Discarded => $"The intake of batch '{BatchId}' broke off, and what it had stored was deleted: {Reason}",
        _ => $"Batch '{BatchId}' could not be checked: {Reason}",
    };
}

/// <summary>What was done about an open batch that nothing was running.</summary>
public enum ReconcileAction
{
    /// <summary>It had no orchestration, and has one now.</summary>
    Scheduled,

    /// <summary>Its orchestration had failed, and another one continues the work.</summary>
    Repaired,

    /// <summary>It failed permanently, and the reason is recorded.</summary>
    Failed,

    /// <summary>Nothing was sending the notice of its end; now something is.</summary>
    NoticeScheduled,

    /// <summary>Its intake was interrupted long ago, and what it had stored is deleted.</summary>
    Discarded,

    /// <summary>It could not be checked; the next pass tries again.</summary>
    Skipped,
}
