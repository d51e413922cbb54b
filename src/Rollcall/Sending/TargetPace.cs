using Rollcall.Items;

namespace Rollcall.Sending;

/// <summary>
/// How many of this process's requests one target gets at once. A target that signals overload gets half as many, and one more for each
/// round of responses after that (additive increase, multiplicative decrease: D. Chiu and R. Jain, 1989). While it has asked for a wait, it
/// gets none.
/// </summary>
/// <param name="random">Random numbers from 0 up to 1.</param>
sealed class TargetPace(TimeProvider time, Func<double> random)
{
    const double MeanWeight = 0.1;

    readonly Lock gate = new();
    readonly LinkedList<TaskCompletionSource<bool>> line = new();
    double limit = double.PositiveInfinity;
    double meanSeconds;
    int inFlight;
    int generation;
    TimeSpan heldUntil;

    /// <summary>The maximum number of requests at once; infinite as long as the target has never signalled overload.</summary>
    public double Limit
    {
        get
        {
            lock (gate)
            {
                return limit;
            }
        }
    }

    /// <summary>How much longer the target gets no requests.</summary>
    public TimeSpan Held
    {
        get
        {
            lock (gate)
            {
                var held = heldUntil - time.GetSteadyTime();
                return held > TimeSpan.Zero ? held : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Whether there is no state worth keeping for the target.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
            {
                return inFlight == 0 && line.Count == 0 && double.IsPositiveInfinity(limit) && heldUntil <= time.GetSteadyTime();
            }
        }
    }

    /// <summary>Waits for a permit, unless the wait is long.</summary>
    /// <param name="most">The time available for the wait; null for the longest wait for a permit.</param>
    /// <returns>
    /// The permit, or how long to wait without a slot: more than <paramref name="most"/> or <see cref="RetryPlan.LongestHeldWait"/>.
    /// </returns>
    public async Task<TargetPermit> EnterAsync(TimeSpan? most = null)
    {
        var longest = Max(most < RetryPlan.LongestHeldWait ? most.Value : RetryPlan.LongestHeldWait, TimeSpan.Zero);
        while (true)
        {
            if (Held is var held && held > TimeSpan.Zero)
            {
                // The items that were held together must not all come back at the same moment.
                var wait = held + TimeSpan.FromSeconds(random());
                if (wait > longest)
                {
                    return TargetPermit.After(wait);
                }

                await Task.Delay(wait, time);
            }
            else if (Join() is { } place)
            {
                using var timer = time.CreateTimer(_ => Drop(place), state: null, longest, Timeout.InfiniteTimeSpan);
                if (!await place.Value.Task)
                {
                    return TargetPermit.After(Max(ExpectedWait(), longest) + TimeSpan.FromSeconds(1 + random()));
                }

                if (Held == TimeSpan.Zero)
                {
                    return new TargetPermit(generation, Wait: null);
                }

                GiveBack();
            }
            else
            {
                return new TargetPermit(generation, Wait: null);
            }
        }
    }

    /// <summary>Returns an unused permit.</summary>
    public void GiveBack()
    {
        lock (gate)
        {
            Release();
        }
    }

    /// <summary>
    /// Returns a permit that was not used because this machine was short of something: fewer requests are then sent at once.
    /// </summary>
    public void GiveBackForLess(TargetPermit permit)
    {
        lock (gate)
        {
            SlowDown(permit, asked: null);
            Release();
        }
    }

    /// <summary>Returns a permit after the attempt.</summary>
    /// <param name="took">How long the attempt took.</param>
    /// <param name="status">The response's status; null if there was none, which does not show how much the target can take.</param>
    /// <param name="asked">The wait that the target asked for.</param>
    public void Leave(TargetPermit permit, TimeSpan took, int? status, TimeSpan? asked)
    {
        lock (gate)
        {
            meanSeconds = meanSeconds == 0 ? took.TotalSeconds : meanSeconds + (MeanWeight * (took.TotalSeconds - meanSeconds));
            if (ItemOutcome.IsRefusal(status))
            {
                SlowDown(permit, asked);
            }
            else if (status is not null)
            {
                limit += 1 / limit;
            }

            Release();
        }
    }

    // Under the lock.
    void SlowDown(TargetPermit permit, TimeSpan? asked)
    {
        // Of all the requests that were in flight together, only the first refusal halves the limit.
        if (permit.Generation == generation)
        {
            generation++;
            limit = Math.Max(1, Math.Floor(Math.Min(limit, inFlight) / 2));
        }

        if (asked is { } wait)
        {
            var until = time.GetSteadyTime() + (wait < RetryPlan.LongestAskedWait ? wait : RetryPlan.LongestAskedWait);
            heldUntil = until > heldUntil ? until : heldUntil;
        }
    }

    // Null if the permit is given at once.
    LinkedListNode<TaskCompletionSource<bool>>? Join()
    {
        lock (gate)
        {
            if (inFlight < limit && line.Count == 0)
            {
                inFlight++;
                return null;
            }

            return line.AddLast(new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    TimeSpan ExpectedWait()
    {
        lock (gate)
        {
            return TimeSpan.FromSeconds(Math.Min(line.Count * meanSeconds / limit, RetryPlan.LongestAskedWait.TotalSeconds));
        }
    }

    static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    void Drop(LinkedListNode<TaskCompletionSource<bool>> place)
    {
        lock (gate)
        {
            if (place.List is not null)
            {
                line.Remove(place);
                place.Value.SetResult(false);
            }
        }
    }

    // Under the lock.
    void Release()
    {
        inFlight--;
        while (inFlight < limit && line.First is { } next)
        {
            line.RemoveFirst();
            inFlight++;
            next.Value.SetResult(true);
        }
    }
}
