namespace Rollcall.Sqlite;

/// <summary>Retries abandoned work, with longer delays each time, so that it does not spin.</summary>
sealed class Retries(TimeProvider time)
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public static TimeSpan Delay(int times)
    {
        int doublings = Math.Clamp(times - 1, 0, 6);
        var delay = First * Math.Pow(2, doublings);
        return delay < Longest ? delay : Longest;
    }

    public void After(int times, Action action)
    {
        var retry = new Retry(action);
        // The retry keeps the timer alive, and the timer's callback keeps the retry alive.
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
