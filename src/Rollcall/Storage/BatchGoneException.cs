namespace Rollcall.Storage;

/// <summary>A batch was deleted while it was being changed. Nothing was changed.</summary>
/// <param name="batchId">The batch.</param>
public sealed class BatchGoneException(string batchId) : Exception($"Batch '{batchId}' was deleted while it was being changed.");
