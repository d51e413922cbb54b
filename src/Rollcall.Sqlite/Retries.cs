namespace Rollcall.Sqlite;

/// <summary>Brings back what a worker gave back without a result, later each time, so that it does not spin.</summary>
sealed class Retries(TimeProvider time)
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public static TimeSpan Delay(int times)
    {
        var doublings = Math.Clamp(times - 1, 0, 6);
        var delay = First * Math.Pow(2, doublings);
        return delay < Longest ? delay : Longest;
    }

    public void After(int times, Action action)
    {
        var retry = new Retry(action);
        // The timer is kept by its retry, and its retry by the timer's callback.
        retry.Timer = time.CreateTimer(static state => ((Retry)state!).Run(), retry, Delay(times), Timeout.InfiniteTimeSpan);
    }

    sealed class Retry(Action action)
    {
        public ITimer? Timer { get; set; }

        public void Run()
        {
            action();
            Timer?.Dispose();
        }
    }
}
