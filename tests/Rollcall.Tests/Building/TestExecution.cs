using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Progress;

namespace Rollcall.Tests.Building;

/// <summary>States of batches' orchestrations, for fakes.</summary>
static class TestExecution
{
    public static BatchExecution Running(OutcomeCounts counts, int run = 1) => new(StatusOf(counts, run), EndedAt: null, Failure: null);

    /// <summary>A run in which a given number of items was sent.</summary>
    public static BatchExecution Running(OutcomeCounts counts, int run, long sent)
    {
        var running = Running(counts, run);
        running.Status.Tally.Sent = sent;
        return running;
    }

    public static BatchExecution Failed(OutcomeCounts counts, DateTimeOffset at, string reason) =>
        new(StatusOf(counts, run: 1), at, reason);

    public static BatchExecution Completed(OutcomeCounts counts, DateTimeOffset at) =>
        new(StatusOf(counts, run: 1) with { Sealed = new SealedBatch(counts.Total(), counts, "", at) }, at, Failure: null);

    /// <summary>Sealed, and about to end.</summary>
    public static BatchExecution Ending(OutcomeCounts counts, DateTimeOffset at) => Completed(counts, at) with { EndedAt = null };

    static BatchRunStatus StatusOf(OutcomeCounts counts, int run) =>
        BatchExecution.NoStatus with { Run = run, Tally = new BatchTally { Counts = counts } };
}
