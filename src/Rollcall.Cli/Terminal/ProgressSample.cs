using Rollcall.Api.Answers;
using Rollcall.Batches;

namespace Rollcall.Cli.Terminal;

/// <summary>How far a run is.</summary>
/// <param name="Total">How many items there are.</param>
/// <param name="Counts">The outcomes up to now.</param>
/// <param name="PerSecond">Items per second of late; null where none are sent.</param>
/// <param name="TimeLeft">How long the rest takes at that rate; null where there is no rate.</param>
sealed record ProgressSample(long Total, OutcomeCounts Counts, double? PerSecond, TimeSpan? TimeLeft)
{
    /// <summary>How the run is, where it does not simply go on.</summary>
    public string? State { get; init; }

    /// <summary>Which time the items are sent, from 1.</summary>
    public int Run { get; init; } = 1;

    /// <summary>Items per second since the run began; null where it is not known.</summary>
    public double? MeanPerSecond { get; init; }

    /// <summary>How long the answers took; null where it is not known.</summary>
    public AnswerTimes? AnswerTimes { get; init; }

    /// <summary>Bytes of the bodies that were received; null where it is not known.</summary>
    public long? Bytes { get; init; }

    /// <summary>How often items were sent; null where it is not known.</summary>
    public long? Attempts { get; init; }
}
