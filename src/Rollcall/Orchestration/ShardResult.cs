using Rollcall.Batches;
using Rollcall.Progress;

namespace Rollcall.Orchestration;

/// <summary>The output of <see cref="ShardOrchestrator"/>.</summary>
/// <param name="Tally">The outcomes of all of the shard's items.</param>
/// <param name="Failures">How many of those that were sent in this run failed.</param>
/// <param name="Stop">Why items were left unsent; null where none were.</param>
public sealed record ShardResult(BatchTally Tally, long Failures, BatchStop? Stop = null);
