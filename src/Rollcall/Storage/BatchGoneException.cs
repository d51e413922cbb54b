namespace Rollcall.Storage;

/// <summary>A batch was deleted while it was being changed. Nothing was changed.</summary>
public sealed class BatchGoneException(string batchId) : Exception($"Batch '{batchId}' was deleted while it was being changed.");

/// <summary>A batch cannot be started because one with the same id is being deleted. The same request works once that is done.</summary>
/// <param name="what">What happened, as a sentence; null for a deletion that is still in progress.</param>
public sealed class BatchDeletingException(string batchId, string? what = null)
    : Exception(
        $"{what ?? $"A batch '{batchId}' is being deleted."} Its id can be used again when the last of it is gone: try again later, or "
        + "use another id.");
