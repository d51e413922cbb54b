namespace Rollcall.Storage;

/// <summary>
/// What a store has is not what was written to it: bytes were changed, cut off or lost since. Reading it again brings nothing else, so it
/// is no <see cref="IOException"/>, which says that the storage itself failed.
/// </summary>
/// <param name="message">What is damaged, and of which batch.</param>
/// <param name="cause">How it was found.</param>
public class DamagedDataException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// Something that is stored of one batch is missing, or is not what was written. The storage itself works: the other batches go on, and
/// asking again does not help until somebody restores what is damaged, or deletes the batch.
/// </summary>
public sealed class DamagedBatchException : DamagedDataException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="fault">What is wrong, as a sentence.</param>
    /// <param name="cause">How it was found; null if no exception did.</param>
    public DamagedBatchException(string batchId, string fault, Exception? cause = null)
        : base($"What is stored of batch '{batchId}' is damaged: {fault}", cause) => BatchId = batchId;

    /// <summary>The batch.</summary>
    public string BatchId { get; }
}
