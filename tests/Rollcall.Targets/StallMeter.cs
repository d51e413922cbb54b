using System.Diagnostics;

namespace Rollcall.Targets;

/// <summary>
/// Measures for how long this process got no work done at most: by so much the moments are uncertain at which it saw requests arrive.
/// </summary>
public sealed class StallMeter : IAsyncDisposable
{
    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(5);

    readonly PeriodicTimer timer = new(Beat);
    readonly Task beating;
    long longestTicks;

    StallMeter() => beating = BeatAsync();

    /// <summary>The longest stall up to now.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref longestTicks));

    /// <summary>Starts to measure.</summary>
    /// <returns>The running meter.</returns>
    public static StallMeter Start() => new();

    /// <summary>How many requests may be seen in a second at a rate that is exceeded by 5 % at the most.</summary>
    /// <param name="ratePerSecond">The rate.</param>
    /// <returns>The number, with room for what a stall delayed into the second.</returns>
    public int MostAt(double ratePerSecond) => (int)Math.Ceiling(ratePerSecond * (1.05 + Longest.TotalSeconds));

    /// <summary>Ends the measurement.</summary>
    /// <returns>A task that ends with it.</returns>
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
