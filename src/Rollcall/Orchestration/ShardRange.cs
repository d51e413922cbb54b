namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="FindWritten"/>.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Start">The first shard.</param>
/// <param name="End">The shard after the last one.</param>
public sealed record ShardRange(string BatchId, int Start, int End);
