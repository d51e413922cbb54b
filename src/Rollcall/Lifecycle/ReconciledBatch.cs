namespace Rollcall.Lifecycle;

/// <summary>A batch about which something was done.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Action">What was done.</param>
/// <param name="Reason">Why.</param>
public sealed record ReconciledBatch(string BatchId, ReconcileAction Action, string Reason)
{
    /// <summary>A sentence for a log.</summary>
    /// <returns>The sentence.</returns>
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
