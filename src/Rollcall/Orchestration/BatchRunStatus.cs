using Rollcall.Progress;

namespace Rollcall.Orchestration;

/// <summary>The custom status of <see cref="BatchOrchestrator"/>. That of a <see cref="ShardOrchestrator"/> is the tally of its items up to now.</summary>
/// <param name="Run">Which time the items are sent, from 1.</param>
/// <param name="ControlVersion">The version of the batch's control that the run goes by.</param>
/// <param name="Tally">The outcomes of the shards that have ended.</param>
/// <param name="Live">The ids of the orchestrations of those that are live.</param>
/// <param name="Sealed">What the seal says; null before it.</param>
public sealed record BatchRunStatus(int Run, int ControlVersion, BatchTally Tally, IReadOnlyList<string> Live, SealedBatch? Sealed = null);
