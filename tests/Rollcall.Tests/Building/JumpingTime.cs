using System.Collections.Concurrent;

namespace Rollcall.Tests.Building;

/// <summary>A clock whose waits up to a length are over at once, and written down.</summary>
/// <param name="longest">The longest wait that is over at once.</param>
sealed class JumpingTime(TimeSpan longest) : TimeProvider
{
    readonly ConcurrentQueue<TimeSpan> waits = new();

    public IReadOnlyList<TimeSpan> Waits => [.. waits];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > longest)
        {
            return System.CreateTimer(callback, state, dueTime, period);
        }

        waits.Enqueue(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
