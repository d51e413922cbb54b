namespace Rollcall.Sending;

/// <summary>The time limit of an attempt, which does not run while the attempt waits for its batch's rate.</summary>
sealed class AttemptDeadline : IDisposable
{
    readonly TimeSpan limit;
    readonly TimeSpan? heldUntil;
    readonly TimeProvider time;
    readonly CancellationTokenSource source;
    readonly long started;
    TimeSpan held;

    /// <summary>Starts it.</summary>
    /// <param name="heldUntil">Until when it may stand still, on the steady clock; null for as long as it takes.</param>
    public AttemptDeadline(TimeSpan limit, TimeSpan? heldUntil, TimeProvider time)
    {
        (this.limit, this.heldUntil, this.time) = (limit, heldUntil, time);
        source = new CancellationTokenSource(limit, time);
        started = time.GetTimestamp();
    }

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>How much of the time is used.</summary>
    public TimeSpan Used => time.GetElapsedTime(started) - held;

    /// <summary>Waits, while the time stands still.</summary>
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
