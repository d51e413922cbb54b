using Rollcall.Progress;

namespace Rollcall.Orchestration;

/// <summary>The output of <see cref="FindWritten"/>.</summary>
/// <param name="Shards">The shards in which nothing is left to send.</param>
/// <param name="Tally">The outcomes in them.</param>
public sealed record WrittenShards(IReadOnlyList<int> Shards, BatchTally Tally);
