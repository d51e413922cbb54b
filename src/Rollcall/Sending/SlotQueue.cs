using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>
/// The slots of a batch that this process has taken, and the senders that wait for them. It takes as many slots at a time as there are
/// waiting senders, and early enough for the time that taking them needs, so that a slow store does not lower the rate.
/// </summary>
/// <param name="ledger">Where slots are taken.</param>
/// <param name="punctuality">How late they may be used.</param>
sealed class SlotQueue(BatchManifest manifest, ISlotLedger ledger, Punctuality punctuality, TimeProvider time)
{
    // A durable timer is not exact, so the rest of a long wait is waited for here.
    static readonly TimeSpan LongestWait = 1.5 * RetryPlan.LongestHeldWait;
    static readonly TimeSpan Early = LongestWait - RetryPlan.LongestHeldWait;

    // How long before its slots are used up the process takes more, in addition to the time that taking them needs.
    static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(50);

    // If taking slots takes less time than this, none are taken before a sender needs them.
    static readonly TimeSpan Negligible = TimeSpan.FromMilliseconds(2);

    readonly Lock gate = new();
    readonly Queue<SendSlot> free = new();
    Task taking = Task.CompletedTask;
    double rate;
    int waiting;
    TimeSpan? last;
    TimeSpan spacing;
    TimeSpan promised;
    TimeSpan lead;
    double ahead;

    /// <summary>Whether the queue has no state worth keeping.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
            {
                return Users == 0 && !(last + spacing > time.GetSteadyTime());
            }
        }
    }

    /// <summary>The number of senders that use the queue.</summary>
    public int Users { get; set; }

    /// <summary>Finds out whether a new sender should wait elsewhere, and for how long.</summary>
    /// <param name="longest">The longest wait that it may have here.</param>
    /// <returns>A wait that ends shortly before the sender's slot; null if the slot is near.</returns>
    public TimeSpan? FindLongWait(double ratePerSecond, TimeSpan longest)
    {
        lock (gate)
        {
            UseRate(ratePerSecond);
            var now = time.GetSteadyTime();
            var slot = NextFree(now) + (Math.Max(0, waiting - free.Count) * spacing);
            if (free.Count > waiting || slot - now <= (longest < LongestWait ? longest : LongestWait))
            {
                return null;
            }

            // Senders that are sent away come back one after the other.
            promised = promised + spacing > slot ? promised + spacing : slot;
            return promised - now - Early;
        }
    }

    /// <summary>Waits for a slot that belongs to this sender alone.</summary>
    /// <returns>The slot, which may begin a little later; null if the next one is far away.</returns>
    /// <exception cref="IOException">The store failed.</exception>
    public async Task<SendSlot?> TakeAsync(double ratePerSecond, CancellationToken cancellationToken)
    {
        ChangeWaiting(1);
        try
        {
            while (true)
            {
                Task more;
                lock (gate)
                {
                    UseRate(ratePerSecond);
                    var now = time.GetSteadyTime();
                    DropPast(now);
                    bool isThere = free.TryDequeue(out var slot);
                    if (!isThere && NextFree(now) - now > LongestWait)
                    {
                        return null;
                    }

                    if (taking.IsCompleted && (!isThere || (ahead >= 1 && last - now < (2 * lead) + Margin)))
                    {
                        taking = TakeMoreAsync();
                    }

                    if (isThere)
                    {
                        return slot;
                    }

                    more = taking;
                }

                await more.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            ChangeWaiting(-1);
        }
    }

    async Task TakeMoreAsync()
    {
        // The caller holds the lock, and this must not run under it.
        await Task.Yield();
        var early = last - lead - Margin - time.GetSteadyTime();
        if (early > TimeSpan.Zero)
        {
            await Task.Delay(early.Value, time);
        }

        SlotRequest request;
        TimeSpan tolerance;
        double ofRate;
        lock (gate)
        {
            (ofRate, tolerance) = (rate, punctuality.Tolerance);
            spacing = Punctuality.SpacingOf(ofRate, tolerance);
            var now = time.GetSteadyTime();
            int most = Math.Max(1, (int)(ledger.TakenAtOnce / spacing));
            int forLater = lead > Negligible ? (int)ahead : 0;
            request = new SlotRequest(Math.Clamp(waiting + forLater, 1, most), spacing, NextFree(now), now + LongestWait);
        }

        long began = time.GetTimestamp();
        var run = await ledger.TakeAsync(manifest, request);
        lock (gate)
        {
            var took = time.GetElapsedTime(began);
            lead = took > lead ? took : lead - ((lead - took) / 8);
            last = run.First + ((run.IsTaken ? request.Count - 1 : -1) * request.Spacing);
            if (!run.IsTaken || rate != ofRate)
            {
                return;
            }

            // The number taken ahead grows until some turn out to be too many.
            ahead = Math.Min((2 * ahead) + 0.5, ledger.TakenAtOnce / spacing);
            for (int i = 0; i < request.Count; i++)
            {
                var at = run.First + (i * request.Spacing);
                free.Enqueue(new SendSlot(at, at + tolerance));
            }
        }
    }

    void DropPast(TimeSpan now)
    {
        while (free.TryPeek(out var slot) && slot.At + ((slot.Latest - slot.At) / 2) < now)
        {
            free.Dequeue();
            ahead = Math.Max(0, ahead - 1);
        }
    }

    TimeSpan NextFree(TimeSpan earliest) => last is { } taken && taken + spacing > earliest ? taken + spacing : earliest;

    void UseRate(double ratePerSecond)
    {
        if (rate != ratePerSecond)
        {
            rate = ratePerSecond;
            spacing = Punctuality.SpacingOf(rate, punctuality.Tolerance);
            (promised, ahead) = (TimeSpan.Zero, 0);
            free.Clear();
        }
    }

    void ChangeWaiting(int by)
    {
        lock (gate)
        {
            waiting += by;
        }
    }
}

/// <summary>A point in time at which a batch may send one request.</summary>
/// <param name="At">When it begins, on the steady clock.</param>
/// <param name="Latest">Until when a request may still use it.</param>
readonly record struct SendSlot(TimeSpan At, TimeSpan Latest);
