using Rollcall.Progress;

namespace Rollcall.Orchestration;

/// <summary>The output of <see cref="WriteShard"/>.</summary>
/// <param name="Tally">The outcomes of all of the shard's items; null where nothing was written.</param>
/// <param name="Lost">
/// The indexes of the items whose answers are gone or damaged, in order, so that nothing could be written: they are to be sent again.
/// </param>
public sealed record WrittenShard(BatchTally? Tally, IReadOnlyList<long> Lost);
