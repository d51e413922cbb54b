using Rollcall.Batches;

namespace Rollcall.Telemetry;

/// <summary>What one pass over the open batches sees.</summary>
/// <param name="at">When the pass began.</param>
sealed class OpenBatches(DateTimeOffset at)
{
    readonly Dictionary<BatchState, int> counts = [];

    /// <summary>When the pass began.</summary>
    public DateTimeOffset At => at;

    /// <summary>When the oldest of the batches came; null if there is none.</summary>
    public DateTimeOffset? OldestAt { get; private set; }

    /// <summary>How many are in a state.</summary>
    public int CountOf(BatchState state) => counts.GetValueOrDefault(state);

    /// <summary>Adds a batch.</summary>
    public void Add(BatchState state, DateTimeOffset createdAt)
    {
        counts[state] = CountOf(state) + 1;
        OldestAt = OldestAt < createdAt ? OldestAt : createdAt;
    }
}
