namespace Rollcall.Sending;

/// <summary>
/// How much of this process's work one target gets at once. A target that says that it is too much gets half as many requests at once,
/// and one more for each round of answers after that (additive increase, multiplicative decrease: D. Chiu and R. Jain, 1989). While it
/// has asked for a wait, it gets none.
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

    /// <summary>How many requests the target gets at once; infinite while it has never said that it is too much.</summary>
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

    /// <summary>How long the target is still to be left alone.</summary>
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

    /// <summary>Whether there is nothing to remember of the target.</summary>
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
    /// <param name="most">The time that there is to wait; null for as much as a permit is ever waited for.</param>
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
                // The items that were held together must not all come back in the same moment.
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

    /// <summary>Gives a permit back with which nothing was sent.</summary>
    public void GiveBack()
    {
        lock (gate)
        {
            Release();
        }
    }

    /// <summary>Gives a permit back with which nothing was sent because this machine lacked something: fewer are sent at once.</summary>
    public void GiveBackForLess(TargetPermit permit)
    {
        lock (gate)
        {
            SlowDown(permit, asked: null);
            Release();
        }
    }

    /// <summary>Gives a permit back after the attempt.</summary>
    /// <param name="took">How long the attempt took.</param>
    /// <param name="status">The answer's status; null where there was none, which says nothing of how much the target can take.</param>
    /// <param name="asked">The wait that the target asked for.</param>
    public void Leave(TargetPermit permit, TimeSpan took, int? status, TimeSpan? asked)
    {
        lock (gate)
        {
            meanSeconds = meanSeconds == 0 ? took.TotalSeconds : meanSeconds + (MeanWeight * (took.TotalSeconds - meanSeconds));
            if (status is 429 or 503)
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
        // Of all the requests that were on their way together, only the first refusal halves.
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

    // Null where the permit is given at once.
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
