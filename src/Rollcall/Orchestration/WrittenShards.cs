using Rollcall.Batches;

namespace Rollcall.Orchestration;

/// <summary>The output of <see cref="FindWritten"/>.</summary>
/// <param name="Shards">The shards that have results.</param>
/// <param name="Counts">The outcomes in them.</param>
public sealed record WrittenShards(IReadOnlyList<int> Shards, OutcomeCounts Counts);
