namespace Rollcall.Sending;

/// <summary>
/// When one target gets this process's requests: as many at once as it takes (<see cref="TargetCapacity"/>), no more than it says it has
/// left (<see cref="AnnouncedLimits"/>), none while most requests are refused and it asks for a wait, one at a time while nobody answers.
/// </summary>
/// <param name="random">Random numbers from 0 up to 1.</param>
sealed class TargetPace(TimeProvider time, Func<double> random)
{
    // While nobody answers: how soon it is noticed that somebody does again.
    static readonly TimeSpan ProbeWait = TimeSpan.FromSeconds(0.5);

    static readonly TimeSpan ShortestWaitAway = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestWaitAway = TimeSpan.FromMinutes(1);

    readonly Lock gate = new();
    readonly LinkedList<TaskCompletionSource<TargetPermit>> line = new();
    readonly RecentAttempts recent = new();
    readonly TargetCapacity capacity = new();
    readonly AnnouncedLimits announced = new();
    ITimer? wake;
    int inFlight;
    bool isAway;
    bool hasOneMore;
    TimeSpan heldUntil;
    TimeSpan takenLast = time.GetSteadyTime();

    /// <summary>The maximum number of requests at once; infinite as long as the target takes most requests.</summary>
    public double Limit
    {
        get
        {
            lock (gate)
            {
                return capacity.Limit;
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
                return LeftOf(heldUntil);
            }
        }
    }

    /// <summary>Whether the target has ever responded.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Whether there is no state worth keeping for the target.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
            {
                return inFlight == 0
                    && line.Count == 0
                    && double.IsPositiveInfinity(capacity.Limit)
                    && !announced.AreKnown
                    && LeftOf(heldUntil) == TimeSpan.Zero;
            }
        }
    }

    /// <summary>Waits for a permit, unless the wait is long.</summary>
    /// <param name="left">How long the activity may still wait; null for as long as is useful.</param>
    /// <param name="stopping">Ends the wait.</param>
    /// <returns>The permit, or how long to wait before asking again.</returns>
    public async Task<TargetPermit> EnterAsync(TimeSpan? left = null, CancellationToken stopping = default)
    {
        var longest = Max(left < RetryPlan.LongestHeldWait ? left.Value : RetryPlan.LongestHeldWait, TimeSpan.Zero);
        LinkedListNode<TaskCompletionSource<TargetPermit>> place;
        lock (gate)
        {
            if (WaitBeforeNext() > longest)
            {
                return TargetPermit.After(WaitElsewhere());
            }

            if (line.Count == 0 && WaitBeforeNext() == TimeSpan.Zero)
            {
                inFlight++;
                return new TargetPermit(capacity.Generation, Wait: null);
            }

            place = line.AddLast(new TaskCompletionSource<TargetPermit>(TaskCreationOptions.RunContinuationsAsynchronously));
            Serve();
        }

        using var timer = time.CreateTimer(_ => Drop(place), state: null, longest, Timeout.InfiniteTimeSpan);
        await using var stop = stopping.Register(() => Drop(place));
        return await place.Value.Task;
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
            capacity.Halve(permit.Generation, inFlight, time.GetSteadyTime());
            Release();
        }
    }

    /// <summary>Returns a permit after the attempt.</summary>
    /// <param name="took">How long the attempt took.</param>
    /// <param name="sign">What it says about the target.</param>
    public void Leave(TargetPermit permit, TimeSpan took, PaceSign sign)
    {
        lock (gate)
        {
            var now = time.GetSteadyTime();
            if (sign.Kind is { } kind)
            {
                recent.Add(kind);
                Record(kind, permit.Generation, took, now);
                if (kind is AttemptKind.Refused && sign.Asked is { } asked && recent.AreMostlyRefused)
                {
                    Hold(now + (asked < RetryPlan.LongestAskedWait ? asked : RetryPlan.LongestAskedWait));
                }
            }

            announced.Record(sign.Limits, now);
            hasOneMore = random() < capacity.Limit - Math.Floor(capacity.Limit);
            Release();
        }
    }

    // Under the lock, as all that follows.
    void Record(AttemptKind kind, int generation, TimeSpan took, TimeSpan now)
    {
        if (kind is AttemptKind.Unanswered)
        {
            isAway |= recent.AreMostlyUnanswered;
            if (isAway)
            {
                Hold(now + (ProbeWait * (1 + random())));
            }

            return;
        }

        HasAnswered = true;
        if (isAway)
        {
            isAway = false;
            recent.Clear();
        }

        if (kind is AttemptKind.Taken)
        {
            takenLast = now;
            capacity.Accept(generation, took, inFlight - 1, now);
        }
        else
        {
            capacity.Refuse(generation, recent.AreMostlyRefused, inFlight - 1, now);
        }

        Hold(now + capacity.PauseAfter(took));
    }

    void Hold(TimeSpan until) => heldUntil = until > heldUntil ? until : heldUntil;

    void Release()
    {
        inFlight--;
        Serve();
    }

    void Serve()
    {
        while (line.First is { } next && WaitBeforeNext() == TimeSpan.Zero)
        {
            line.RemoveFirst();
            inFlight++;
            next.Value.SetResult(new TargetPermit(capacity.Generation, Wait: null));
        }

        if (line.Count > 0 && WaitBeforeNext() is { } wait)
        {
            wake ??= time.CreateTimer(_ => Wake(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            wake.Change(RoundUp(wait), Timeout.InfiniteTimeSpan);
        }
    }

    // Null until one of the requests in flight is back.
    TimeSpan? WaitBeforeNext()
    {
        if (!(isAway ? inFlight == 0 : capacity.HasRoom(inFlight, hasOneMore)))
        {
            return null;
        }

        return announced.WaitFor(inFlight, time.GetSteadyTime()) is { } wait ? Max(wait, LeftOf(heldUntil)) : null;
    }

    void Wake()
    {
        lock (gate)
        {
            Serve();
        }
    }

    void Drop(LinkedListNode<TaskCompletionSource<TargetPermit>> place)
    {
        lock (gate)
        {
            if (place.List is not null)
            {
                line.Remove(place);
                place.Value.SetResult(TargetPermit.After(WaitElsewhere()));
            }
        }
    }

    // The longer the target has taken nothing, the less often its items ask: each time costs an activity.
    TimeSpan WaitElsewhere()
    {
        var idle = (time.GetSteadyTime() - takenLast) / 5;
        var wait = Max(isAway ? ShortestWaitAway : RetryPlan.LongestHeldWait, idle < LongestWaitAway ? idle : LongestWaitAway);
        double queued = Math.Min(line.Count * capacity.MeanSeconds / capacity.Limit, RetryPlan.LongestAskedWait.TotalSeconds);
        return Max(Max(wait, WaitBeforeNext() ?? TimeSpan.Zero), TimeSpan.FromSeconds(queued)) + TimeSpan.FromSeconds(random());
    }

    TimeSpan LeftOf(TimeSpan until) => Max(until - time.GetSteadyTime(), TimeSpan.Zero);

    // Timers are in whole milliseconds, and the wait must be over when they end.
    static TimeSpan RoundUp(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));

    static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
