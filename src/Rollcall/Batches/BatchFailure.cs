namespace Rollcall.Batches;

/// <summary>
/// Why a batch ended without a receipt. It is kept in the batch's store so that it outlives the orchestration's own record.
/// </summary>
/// <param name="Run">The run of the batch that failed, from 1.</param>
/// <param name="Reason">What went wrong, in a sentence.</param>
/// <param name="FailedAt">When the batch's last orchestration ended.</param>
/// <param name="Counts">The outcomes recorded up to then. They are kept.</param>
public sealed record BatchFailure(string BatchId, int Run, string Reason, DateTimeOffset FailedAt, OutcomeCounts Counts);

/// <summary>
/// A repair: a batch's orchestration failed, and another one continues its work. The numbers limit how often that happens.
/// </summary>
/// <param name="Run">The run of the batch that is repaired, from 1.</param>
/// <param name="Number">The number of the repair within the run, from 1.</param>
/// <param name="FailedAt">When the failed orchestration ended: it tells one failure from the next.</param>
/// <param name="Reason">Why it failed.</param>
public sealed record BatchRepair(string BatchId, int Run, int Number, DateTimeOffset FailedAt, string Reason);
