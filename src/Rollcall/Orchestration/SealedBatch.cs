using Rollcall.Batches;

namespace Rollcall.Orchestration;

/// <summary>The output of a batch's orchestration. The whole proof is in the store's receipt.</summary>
/// <param name="Items">How many items went in, and how many outcomes came out.</param>
/// <param name="Counts">The outcomes by kind.</param>
/// <param name="Sha256">The SHA-256 of the whole results.</param>
/// <param name="SealedAt">When the batch was sealed.</param>
/// <param name="Stop">Why items were left unsent; null where none were.</param>
public sealed record SealedBatch(long Items, OutcomeCounts Counts, string Sha256, DateTimeOffset SealedAt, BatchStop? Stop = null);
