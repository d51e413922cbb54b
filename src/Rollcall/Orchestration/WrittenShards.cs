using Rollcall.Progress;

namespace Rollcall.Orchestration;

/// <summary>The output of <see cref="FindWritten"/>.</summary>
/// <param name="Shards">The shards in which nothing is left to send.</param>
/// <param name="Tally">The outcomes in them.</param>
/// <param name="ItemsLeft">Of a redrive how many items each of the other shards has to send, by the shard; null where those have all of theirs.</param>
public sealed record WrittenShards(IReadOnlyList<int> Shards, BatchTally Tally, IReadOnlyDictionary<int, int>? ItemsLeft = null);
