using Rollcall.Items;
using Rollcall.Sending;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="PostItem"/>: which item, not what it is.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Shard">The item's shard.</param>
/// <param name="Index">The item's index in the batch.</param>
/// <param name="Lane">The lane that sends the item.</param>
/// <param name="Attempts">The attempts that were made before a long wait; null where there were none.</param>
public sealed record PostItemInput(string BatchId, int Shard, long Index, SendLane Lane, IReadOnlyList<Attempt>? Attempts = null);
