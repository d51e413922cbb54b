using System.Text.Json;
using Rollcall.Progress;

namespace Rollcall.Orchestration;

/// <summary>How a batch's orchestration is.</summary>
/// <param name="Status">What it says of itself, with the outcomes of the shards that are live.</param>
/// <param name="EndedAt">When it ended; null while it goes on.</param>
/// <param name="Failure">Why it ended without a seal; null where it did not.</param>
/// <param name="IsTerminated">Whether somebody ended it on purpose.</param>
public sealed record BatchExecution(BatchRunStatus Status, DateTimeOffset? EndedAt, string? Failure, bool IsTerminated = false)
{
    /// <summary>The status of an orchestration that has said nothing yet.</summary>
    public static BatchRunStatus NoStatus { get; } = new(Run: 1, ControlVersion: 0, new BatchTally(), []);

    /// <summary>
    /// Reads the custom status of a batch's orchestration, which is nothing, or a null of JSON, until it has said something.
    /// </summary>
    /// <returns>The status, without the outcomes of the shards that are live.</returns>
    /// <exception cref="JsonException">It is of something else.</exception>
    public static BatchRunStatus ReadStatus(string? customStatus) =>
        (customStatus is { Length: > 0 } ? JsonSerializer.Deserialize(customStatus, OrchestrationJson.Compact.BatchRunStatus) : null)
            ?? NoStatus;

    /// <summary>Adds what the live shards' orchestrations say of themselves to what the batch's does.</summary>
    /// <param name="customStatuses">Theirs.</param>
    /// <exception cref="JsonException">One is of something else.</exception>
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
/// The custom status of <see cref="BatchOrchestrator"/>. That of a <see cref="ShardOrchestrator"/> is the tally of its items up to now.
/// </summary>
/// <param name="Run">Which time the items are sent, from 1.</param>
/// <param name="ControlVersion">The version of the batch's control that the run goes by.</param>
/// <param name="Tally">The outcomes of the shards that have ended.</param>
/// <param name="Live">The ids of the orchestrations of those that are live.</param>
/// <param name="Sealed">What the seal says; null before it.</param>
public sealed record BatchRunStatus(int Run, int ControlVersion, BatchTally Tally, IReadOnlyList<string> Live, SealedBatch? Sealed = null);
