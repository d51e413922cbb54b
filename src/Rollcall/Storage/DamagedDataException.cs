namespace Rollcall.Storage;

/// <summary>
/// The content of a store is not what was written to it: bytes were changed, cut off or lost since. Reading it again does not help, so this
/// is not an <see cref="IOException"/>, which means that the storage itself failed.
/// </summary>
/// <param name="message">What is damaged, and of which batch.</param>
/// <param name="cause">How it was detected.</param>
public class DamagedDataException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// A stored part of one batch is missing, or is not what was written. The storage itself works: the other batches continue. Retrying does
/// not help until somebody restores the damaged part or deletes the batch.
/// </summary>
public sealed class DamagedBatchException : DamagedDataException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="fault">What is wrong, as a sentence.</param>
    /// <param name="cause">How it was detected; null if not by an exception.</param>
    public DamagedBatchException(string batchId, string fault, Exception? cause = null)
        : base($"What is stored of batch '{batchId}' is damaged: {fault}", cause) => BatchId = batchId;

    /// <summary>The batch's id.</summary>
    public string BatchId { get; }
}
