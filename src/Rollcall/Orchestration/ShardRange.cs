namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="FindWritten"/>.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Run">The run that looks, from 1.</param>
/// <param name="Start">The first shard.</param>
/// <param name="End">The shard after the last one.</param>
public sealed record ShardRange(string BatchId, int Run, int Start, int End);
