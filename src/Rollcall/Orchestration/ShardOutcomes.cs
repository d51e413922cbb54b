using Rollcall.Items;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="WriteShard"/>.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="Outcomes">One outcome for each of its items, in input order.</param>
public sealed record ShardOutcomes(string BatchId, int Shard, IReadOnlyList<ItemOutcome> Outcomes);
