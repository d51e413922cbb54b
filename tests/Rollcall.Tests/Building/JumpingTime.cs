using System.Collections.Concurrent;

namespace Rollcall.Tests.Building;

/// <summary>A clock that jumps to the end of each wait up to a given length. It records the waits.</summary>
/// <param name="longest">The longest wait that it jumps over.</param>
sealed class JumpingTime(TimeSpan longest) : TimeProvider
{
    readonly ConcurrentQueue<TimeSpan> waits = new();
    long jumpedTicks;

    public IReadOnlyList<TimeSpan> Waits => [.. waits];

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref jumpedTicks));

    // In units of 100 ns, like a TimeSpan.
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Interlocked.Read(ref jumpedTicks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero || dueTime > longest)
        {
            return System.CreateTimer(callback, state, dueTime, period);
        }

        waits.Enqueue(dueTime);
        Interlocked.Add(ref jumpedTicks, dueTime.Ticks);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
