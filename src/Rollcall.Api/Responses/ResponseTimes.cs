using Rollcall.Progress;

namespace Rollcall.Api.Responses;

/// <summary>
/// How long the responses of a batch took: the last attempt of each item that was sent, to the last byte of the body, in milliseconds.
/// </summary>
/// <param name="P50Ms">The time that 50 % of them did not exceed.</param>
/// <param name="P90Ms">The time that 90 % of them did not exceed.</param>
/// <param name="P99Ms">The time that 99 % of them did not exceed.</param>
public sealed record ResponseTimes(double P50Ms, double P90Ms, double P99Ms)
{
    /// <summary>Reads the times from a histogram, to two significant digits.</summary>
    internal static ResponseTimes? Of(DurationHistogram durations) =>
        durations.MillisecondsAt(50) is { } half
            ? new ResponseTimes(half, durations.MillisecondsAt(90)!.Value, durations.MillisecondsAt(99)!.Value)
            : null;
}
