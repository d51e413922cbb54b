namespace Rollcall.Sending;

/// <summary>The time limit of an attempt. It stands still while the attempt waits for its batch's rate.</summary>
sealed class AttemptDeadline : IDisposable
{
    readonly TimeSpan limit;
    readonly TimeSpan? heldUntil;
    readonly TimeProvider time;
    readonly CancellationTokenSource source;
    readonly long started;
    TimeSpan held;

    /// <summary>Starts the time limit.</summary>
    /// <param name="heldUntil">Until when it may stand still, on the steady clock; null for no limit.</param>
    public AttemptDeadline(TimeSpan limit, TimeSpan? heldUntil, TimeProvider time)
    {
        (this.limit, this.heldUntil, this.time) = (limit, heldUntil, time);
        source = new CancellationTokenSource(limit, time);
        started = time.GetTimestamp();
    }

    /// <summary>Cancelled when the time is up.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>The time used so far.</summary>
    public TimeSpan Used => time.GetElapsedTime(started) - held;

    /// <summary>Waits while the time limit stands still.</summary>
    public async Task HoldAsync(Func<CancellationToken, Task> wait)
    {
        var left = limit - Used;
        long since = time.GetTimestamp();
        source.CancelAfter(heldUntil - time.GetSteadyTime() is not { } most ? Timeout.InfiniteTimeSpan : NotNegative(most));
        await wait(Token);
        held += time.GetElapsedTime(since);
        source.CancelAfter(NotNegative(left));
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    static TimeSpan NotNegative(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
