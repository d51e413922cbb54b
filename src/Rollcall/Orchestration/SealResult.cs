namespace Rollcall.Orchestration;

/// <summary>The output of <see cref="SealBatch"/>.</summary>
/// <param name="Whole">The sealed batch; null where it could not be sealed.</param>
/// <param name="Lost">The first of the shards whose results are gone or damaged: they are to be run again.</param>
public sealed record SealResult(SealedBatch? Whole, IReadOnlyList<LostShard> Lost);
