using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Rollcall.Tests.Building;

/// <summary>
/// A clock that the test moves, and that tells when a wait begins. A wait that begins after the last move never ends.
/// </summary>
sealed class WatchedTime : FakeTimeProvider
{
    readonly ConcurrentDictionary<TimeSpan, TaskCompletionSource> waits = new();

    /// <summary>Ends when a wait of exactly this length has begun. Call it before the wait can begin.</summary>
    public Task WhenWaitedForAsync(TimeSpan wait) =>
        waits.GetOrAdd(wait, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (waits.TryGetValue(dueTime, out var wait))
        {
            wait.TrySetResult();
        }

        return timer;
    }
}
