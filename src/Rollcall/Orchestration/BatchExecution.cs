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

    /// <summary>Reads the custom status of a batch's orchestration, which is nothing, or a null of JSON, until it has said something.</summary>
    /// <param name="customStatus">The custom status.</param>
    /// <returns>The status, without the outcomes of the shards that are live.</returns>
    /// <exception cref="JsonException">It is of something else.</exception>
    public static BatchRunStatus ReadStatus(string? customStatus) =>
        (customStatus is { Length: > 0 } ? JsonSerializer.Deserialize(customStatus, OrchestrationJson.Compact.BatchRunStatus) : null) ?? NoStatus;

    /// <summary>Adds what the live shards' orchestrations say of themselves to what the batch's does.</summary>
    /// <param name="status">The batch's.</param>
    /// <param name="customStatuses">Theirs.</param>
    /// <returns>Both together.</returns>
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
