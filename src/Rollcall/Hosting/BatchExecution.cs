using Rollcall.Batches;

namespace Rollcall.Hosting;

/// <summary>How a batch's orchestration is.</summary>
/// <param name="Counts">The outcomes that are written up to now.</param>
/// <param name="EndedAt">When it ended; null while it goes on.</param>
/// <param name="Failure">Why it ended without a seal; null where it did not.</param>
/// <param name="IsTerminated">Whether somebody ended it on purpose.</param>
public sealed record BatchExecution(OutcomeCounts Counts, DateTimeOffset? EndedAt, string? Failure, bool IsTerminated = false);
