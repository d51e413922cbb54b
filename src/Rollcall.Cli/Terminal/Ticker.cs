namespace Rollcall.Cli.Terminal;

static class Ticker
{
    /// <summary>Calls an action at intervals until the work ends, successfully or not, and then once more.</summary>
    public static async Task RunAsync(TimeSpan interval, Task work, TimeProvider time, Action tick)
    {
        using var timer = new PeriodicTimer(interval, time);
        var next = timer.WaitForNextTickAsync().AsTask();
        while (await Task.WhenAny(work, next) == next)
        {
            tick();
            next = timer.WaitForNextTickAsync().AsTask();
        }

        tick();
    }
}
