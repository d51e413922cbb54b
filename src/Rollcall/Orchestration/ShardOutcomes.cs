using Rollcall.Items;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="WriteShard"/>.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Run">The run that they are of, from 1.</param>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="Outcomes">
/// The outcomes in input order: of the first run one for each of the shard's items, of a later one those of the items that it sent.
/// </param>
public sealed record ShardOutcomes(string BatchId, int Run, int Shard, IReadOnlyList<ItemOutcome> Outcomes);
