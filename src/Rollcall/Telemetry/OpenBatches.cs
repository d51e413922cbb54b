using Rollcall.Batches;

namespace Rollcall.Telemetry;

/// <summary>The result of one pass over the open batches.</summary>
/// <param name="at">When the pass began.</param>
sealed class OpenBatches(DateTimeOffset at)
{
    readonly Dictionary<BatchState, int> counts = [];

    /// <summary>When the pass began.</summary>
    public DateTimeOffset At => at;

    /// <summary>When the oldest of the batches was accepted; null if there is none.</summary>
    public DateTimeOffset? OldestAt { get; private set; }

    /// <summary>The number of batches in a state.</summary>
    public int CountOf(BatchState state) => counts.GetValueOrDefault(state);

    /// <summary>Adds a batch.</summary>
    public void Add(BatchState state, DateTimeOffset createdAt)
    {
        counts[state] = CountOf(state) + 1;
        OldestAt = OldestAt < createdAt ? OldestAt : createdAt;
    }
}
