using System.Collections.Concurrent;
using Rollcall.Telemetry;

namespace Rollcall.Sending;

/// <summary>The paces of the targets that this process sends to. URLs of one origin (scheme, host and port) are one target.</summary>
sealed class TargetPaces
{
    const int Remembered = 1000;

    readonly ConcurrentDictionary<string, TargetPace> paces = new(StringComparer.Ordinal);
    readonly TimeProvider time;
    readonly Func<double> random;

    /// <summary>Makes an empty set.</summary>
    /// <param name="random">Random numbers from 0 up to 1.</param>
    /// <param name="telemetry">Reports the limits of the targets that have one; null for no reports.</param>
    public TargetPaces(TimeProvider time, Func<double> random, BatchTelemetry? telemetry = null)
    {
        (this.time, this.random) = (time, random);
        telemetry?.WatchLimits(
            () => paces.Where(pair => double.IsFinite(pair.Value.Limit)).Select(pair => (new Uri(pair.Key), pair.Value.Limit)));
    }

    /// <summary>The pace of a URL's target.</summary>
    public TargetPace Of(Uri url)
    {
        string origin = url.GetLeftPart(UriPartial.Authority);
        if (paces.TryGetValue(origin, out var known))
        {
            return known;
        }

        if (paces.Count >= Remembered)
        {
            foreach (var (key, pace) in paces)
            {
                // A request that has just got this one continues with it, without a limit as before.
                if (pace.IsIdle)
                {
                    paces.TryRemove(key, out _);
                }
            }
        }

        return paces.GetOrAdd(origin, _ => new TargetPace(time, random));
    }
}
