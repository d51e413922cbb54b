namespace Rollcall.Orchestration;

/// <summary>The output of a batch's orchestration. The whole proof is in the store's receipt.</summary>
/// <param name="Items">How many items went in, and how many outcomes came out.</param>
/// <param name="Succeeded">How many of them succeeded.</param>
/// <param name="Sha256">The SHA-256 of the whole results.</param>
public sealed record SealedBatch(long Items, long Succeeded, string Sha256);
