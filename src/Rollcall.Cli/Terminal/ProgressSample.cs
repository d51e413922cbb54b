using Rollcall.Api.Responses;
using Rollcall.Batches;

namespace Rollcall.Cli.Terminal;

/// <summary>The progress of a run.</summary>
/// <param name="Total">The number of items.</param>
/// <param name="Counts">The outcomes so far.</param>
/// <param name="PerSecond">Recent items per second; null if none are sent.</param>
/// <param name="TimeLeft">The time that the rest takes at that rate; null if there is no rate.</param>
sealed record ProgressSample(long Total, OutcomeCounts Counts, double? PerSecond, TimeSpan? TimeLeft)
{
    /// <summary>The state of the run, if it is not simply running.</summary>
    public string? State { get; init; }

    /// <summary>The number of the run, from 1.</summary>
    public int Run { get; init; } = 1;

    /// <summary>Average items per second since the run began; null if it is not known.</summary>
    public double? MeanPerSecond { get; init; }

    /// <summary>How long responses took; null if it is not known.</summary>
    public ResponseTimes? ResponseTimes { get; init; }

    /// <summary>Bytes of received bodies; null if it is not known.</summary>
    public long? Bytes { get; init; }

    /// <summary>The number of attempts; null if it is not known.</summary>
    public long? Attempts { get; init; }
}
