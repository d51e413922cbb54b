namespace Rollcall.Tests.Building;

/// <summary>A durable timer that fires when the test says so.</summary>
sealed class FakeTimer(TimeSpan wait)
{
    readonly TaskCompletionSource source = new();

    public TimeSpan Wait => wait;

    public Task Fired => source.Task;

    public void Fire() => source.SetResult();

    public void Cancel() => source.TrySetCanceled();
}
