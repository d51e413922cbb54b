using Rollcall.Batches;

namespace Rollcall.Cli.Running;

/// <summary>How far a run is.</summary>
/// <param name="Total">How many items there are.</param>
/// <param name="Counts">The outcomes up to now.</param>
/// <param name="PerSecond">Items per second of late.</param>
/// <param name="TimeLeft">How long the rest takes at that rate; null where there is no rate.</param>
sealed record ProgressSample(long Total, OutcomeCounts Counts, double PerSecond, TimeSpan? TimeLeft);
