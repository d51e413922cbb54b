namespace Rollcall.Lifecycle;

/// <summary>A batch about whose deletion something is to be told.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Error">What kept it from being deleted in this pass; null where it is gone.</param>
public sealed record PurgedBatch(string BatchId, string? Error)
{
    /// <summary>A sentence for a log.</summary>
    /// <returns>The sentence.</returns>
    public override string ToString() => Error is null
        ? $"Batch '{BatchId}' is deleted."
        : $"Batch '{BatchId}' could not be deleted, which the next pass tries again: {Error}";
}
