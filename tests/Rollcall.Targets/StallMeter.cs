using System.Diagnostics;

namespace Rollcall.Targets;

/// <summary>
/// Measures the longest time in which this process got no work done. The arrival times of requests are uncertain by as much.
/// </summary>
public sealed class StallMeter : IAsyncDisposable
{
    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(5);

    readonly PeriodicTimer timer = new(Beat);
    readonly Task beating;
    long longestTicks;

    StallMeter() => beating = BeatAsync();

    /// <summary>The longest stall so far.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref longestTicks));

    /// <summary>Starts measuring.</summary>
    public static StallMeter Start() => new();

    /// <summary>The maximum number of requests in one second at a rate that may be exceeded by 5 %.</summary>
    /// <param name="ratePerSecond">The rate.</param>
    /// <returns>The number, including requests that a stall may have delayed into that second.</returns>
    public int MostAt(double ratePerSecond) => (int)Math.Ceiling(ratePerSecond * (1.05 + Longest.TotalSeconds));

    /// <summary>Stops measuring.</summary>
    public async ValueTask DisposeAsync()
    {
        timer.Dispose();
        await beating;
    }

    async Task BeatAsync()
    {
        long last = Stopwatch.GetTimestamp();
        while (await timer.WaitForNextTickAsync())
        {
            long now = Stopwatch.GetTimestamp();
            long late = (Stopwatch.GetElapsedTime(last, now) - Beat).Ticks;
            last = now;
            if (late > Interlocked.Read(ref longestTicks))
            {
                Interlocked.Exchange(ref longestTicks, late);
            }
        }
    }
}
