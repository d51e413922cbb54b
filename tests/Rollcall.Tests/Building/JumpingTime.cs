using System.Collections.Concurrent;

namespace Rollcall.Tests.Building;

/// <summary>A clock whose every wait is over at once, and written down.</summary>
sealed class JumpingTime : TimeProvider
{
    readonly ConcurrentQueue<TimeSpan> waits = new();

    public IReadOnlyList<TimeSpan> Waits => [.. waits];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        waits.Enqueue(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
