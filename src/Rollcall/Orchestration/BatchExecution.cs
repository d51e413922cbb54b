using System.Text.Json;
using Rollcall.Progress;

namespace Rollcall.Orchestration;

/// <summary>The state of a batch's orchestration.</summary>
/// <param name="Status">The status that it reports, with the outcomes of the live shards.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
/// <param name="Failure">Why it ended without a seal; null if it did not.</param>
/// <param name="IsTerminated">Whether somebody terminated it on purpose.</param>
public sealed record BatchExecution(BatchRunStatus Status, DateTimeOffset? EndedAt, string? Failure, bool IsTerminated = false)
{
    /// <summary>The status of an orchestration that has not reported one yet. Each reader gets its own, since a tally can change.</summary>
    public static BatchRunStatus NoStatus => new(Run: 1, ControlVersion: 0, new BatchTally(), []);

    /// <summary>
    /// Reads the custom status of a batch's orchestration. Until the orchestration sets one, it is missing or a JSON null.
    /// </summary>
    /// <returns>The status, without the outcomes of the live shards.</returns>
    /// <exception cref="JsonException">The text is not such a status.</exception>
    public static BatchRunStatus ReadStatus(string? customStatus) =>
        (customStatus is { Length: > 0 } ? JsonSerializer.Deserialize(customStatus, OrchestrationJson.Compact.BatchRunStatus) : null)
            ?? NoStatus;

    /// <summary>Adds the statuses of the live shards' orchestrations to that of the batch's orchestration.</summary>
    /// <param name="customStatuses">The custom statuses of the shards' orchestrations.</param>
    /// <exception cref="JsonException">One of them is not such a status.</exception>
    public static BatchRunStatus AddLive(BatchRunStatus status, IEnumerable<string?> customStatuses)
    {
        var whole = new BatchTally();
        whole.Add(status.Tally);
        foreach (string? text in customStatuses)
        {
            if (text is { Length: > 0 } && JsonSerializer.Deserialize(text, OrchestrationJson.Compact.BatchTally) is { } tally)
            {
                whole.Add(tally);
            }
        }

        return status with { Tally = whole };
    }
}

/// <summary>
/// The custom status of <see cref="BatchOrchestrator"/>. That of a <see cref="ShardOrchestrator"/> is the tally of its items so far.
/// </summary>
/// <param name="Run">The number of the run, from 1.</param>
/// <param name="ControlVersion">The version of the batch's control that the run follows.</param>
/// <param name="Tally">The outcomes of the shards that have ended.</param>
/// <param name="Live">The ids of the live shards' orchestrations.</param>
/// <param name="Sealed">What the seal says; null before it.</param>
public sealed record BatchRunStatus(int Run, int ControlVersion, BatchTally Tally, IReadOnlyList<string> Live, SealedBatch? Sealed = null);
