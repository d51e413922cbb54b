namespace Rollcall.Tests.Building;

/// <summary>
/// A clock, and a thread on which everything that waits for it runs in turn. The clock advances only when nothing is left to do. So hours
/// pass in milliseconds, in the same way each time, however busy the machine is.
/// </summary>
sealed class VirtualTime : SynchronizationContext
{
    static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    readonly Queue<(SendOrPostCallback Callback, object? State)> work = new();
    readonly PriorityQueue<Timer, (TimeSpan At, long Number)> timers = new();
    TimeSpan now = TimeSpan.FromDays(1);
    long number;

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed => now - TimeSpan.FromDays(1);

    /// <summary>How late a wait ends.</summary>
    public Func<TimeSpan> Lateness { get; set; } = () => TimeSpan.Zero;

    /// <summary>The clock of one process.</summary>
    /// <param name="offset">How far its wall clock is ahead, which may change over time.</param>
    public TimeProvider ClockOf(Func<TimeSpan>? offset = null) => new Clock(this, offset ?? (() => TimeSpan.Zero));

    public override void Post(SendOrPostCallback d, object? state)
    {
        // Work that the thread pool has to do for it does not concern this thread.
        lock (work)
        {
            work.Enqueue((d, state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

    /// <summary>Runs until the work has ended.</summary>
    public void Run(Func<Task> start)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var all = start();
            while (!all.IsCompleted)
            {
                if (Elapsed > Longest)
                {
                    throw new InvalidOperationException($"After {Elapsed} the work has not ended.");
                }

                if (!RunOne() && !Advance())
                {
                    throw new InvalidOperationException($"After {Elapsed} everything waits, and for nothing.");
                }
            }

            all.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    bool RunOne()
    {
        (SendOrPostCallback Callback, object? State) next;
        lock (work)
        {
            if (!work.TryDequeue(out next))
            {
                return false;
            }
        }

        next.Callback(next.State);
        return true;
    }

    bool Advance()
    {
        while (timers.TryDequeue(out var timer, out var due))
        {
            if (timer.Due == due.At)
            {
                now = due.At > now ? due.At : now;
                timer.Fire();
                return true;
            }
        }

        return false;
    }

    sealed class Clock(VirtualTime owner, Func<TimeSpan> offset) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => owner.now.Ticks;

        public override DateTimeOffset GetUtcNow() => Start + owner.Elapsed + offset();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(owner, () => callback(state));
            timer.Change(dueTime, period);
            return timer;
        }
    }

    sealed class Timer(VirtualTime owner, Action callback) : ITimer
    {
        public TimeSpan? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : owner.now + dueTime + owner.Lateness();
            if (Due is { } at)
            {
                owner.timers.Enqueue(this, (at, owner.number++));
            }

            return true;
        }

        public void Fire()
        {
            Due = null;
            callback();
        }

        public void Dispose() => Due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
