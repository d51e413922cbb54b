using Rollcall.Items;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="PostItem"/>: which item, not what it is.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Shard">The item's shard.</param>
/// <param name="Index">The item's index in the batch.</param>
/// <param name="Attempts">The attempts that were made in an activity before; null where there were none.</param>
public sealed record PostItemInput(string BatchId, int Shard, long Index, IReadOnlyList<Attempt>? Attempts = null);
