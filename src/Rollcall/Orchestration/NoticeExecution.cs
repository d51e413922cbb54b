using System.Text.Json;
using Rollcall.Batches;

namespace Rollcall.Orchestration;

/// <summary>How a notice's orchestration is.</summary>
/// <param name="Status">What it says of itself; null where it has said nothing yet.</param>
/// <param name="HasEnded">Whether it has ended, in whatever way.</param>
/// <param name="IsTerminated">Whether somebody ended it on purpose.</param>
public sealed record NoticeExecution(NoticeStatus? Status, bool HasEnded, bool IsTerminated)
{
    /// <summary>Reads the custom status of a notice's orchestration, which is nothing, or a null of JSON, until it has said something.</summary>
    /// <param name="customStatus">The custom status.</param>
    /// <returns>The status, or null.</returns>
    /// <exception cref="JsonException">It is of something else.</exception>
    public static NoticeStatus? ReadStatus(string? customStatus) =>
        customStatus is { Length: > 0 } ? JsonSerializer.Deserialize(customStatus, BatchesJson.Compact.NoticeStatus) : null;
}
