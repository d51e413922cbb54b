using Rollcall.Batches;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="WriteUnsent"/>.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Start">The first shard.</param>
/// <param name="End">The shard after the last one.</param>
/// <param name="Stop">Why they were not sent.</param>
public sealed record UnsentShards(string BatchId, int Start, int End, BatchStop Stop);
