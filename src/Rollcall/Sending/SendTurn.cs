using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>An item's turn: when the target can take one more request, and the batch's rules allow it.</summary>
/// <param name="pace">How many requests the target gets.</param>
/// <param name="rules">Reads the batch's rules, which may change during the wait for the turn.</param>
/// <param name="punctuality">How late slots are used.</param>
/// <param name="latest">The latest time at which a turn may begin within the host's time limit, on the steady clock.</param>
/// <param name="stopping">Ends all waits before the request.</param>
sealed class SendTurn(
    TargetPace pace,
    Func<ValueTask<SendRules>> rules,
    SlotQueue slots,
    Punctuality punctuality,
    TimeProvider time,
    TimeSpan latest,
    CancellationToken stopping = default)
{
    // If another process's senders also wait for slots, a slot may come later than expected.
    static readonly TimeSpan LongestSlotWait = 2 * RetryPlan.LongestHeldWait;

    // A permit of a target that gives only a few must not be held longer than this while waiting for a slot.
    static readonly TimeSpan LongestPermitWait = TimeSpan.FromSeconds(2);

    // Longer waits are split into several, because the rules may change in the meantime.
    static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(0.5);

    readonly RulesWatch watch = new(rules, time);

    TimeSpan Left => stopping.IsCancellationRequested ? TimeSpan.Zero : latest - time.GetSteadyTime();

    /// <summary>Waits for the turn, unless the wait is long.</summary>
    /// <returns>The permit to send now, how long to wait without occupying an activity, or why there is no turn.</returns>
    public async Task<TargetPermit> WaitAsync()
    {
        while (true)
        {
            var known = await watch.ReadAsync();
            if (known.IsHalt)
            {
                return TargetPermit.Refused(known);
            }

            if (Left <= TimeSpan.Zero)
            {
                return TargetPermit.After(TimeSpan.Zero);
            }

            if (known.RatePerSecond is { } rate && slots.FindLongWait(rate, Left) is { } longWait)
            {
                return TargetPermit.After(longWait);
            }

            var slot = await WaitForSlotAsync(known, LongestSlotWait);
            if (slot is null && known.RatePerSecond is not null)
            {
                continue;
            }

            var permit = await pace.EnterAsync(Left, stopping);
            if (permit.Wait is not null)
            {
                return permit;
            }

            bool mayGo = false;
            try
            {
                mayGo = await MayGoAsync(known, slot);
            }
            finally
            {
                // Also if the rules could not be read: a permit that is lost is never given to anybody again.
                if (!mayGo)
                {
                    pace.GiveBack();
                }
            }

            if (mayGo)
            {
                return permit;
            }
        }
    }

    /// <summary>
    /// Waits for a slot for a further request of an attempt. The request belongs to an item that is in flight, so neither a pause nor a
    /// stop holds it.
    /// </summary>
    public async Task WaitForNextRequestAsync(CancellationToken cancellationToken)
    {
        while ((await watch.ReadAsync()).RatePerSecond is { } rate)
        {
            if (await slots.TakeAsync(rate, cancellationToken) is not { } slot)
            {
                await Task.Delay(LongestSleep, time, cancellationToken);
            }
            else if (await SleepAsync(slot, () => !cancellationToken.IsCancellationRequested))
            {
                return;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    async Task<bool> MayGoAsync(SendRules known, SendSlot? slot)
    {
        if (known.RatePerSecond is null)
        {
            return await watch.ReadAsync() == known && pace.Held == TimeSpan.Zero;
        }

        if (slot?.Latest < time.GetSteadyTime())
        {
            // It passed during the wait for the permit.
            slot = await WaitForSlotAsync(known, LongestPermitWait);
        }

        return slot?.Latest >= time.GetSteadyTime() && watch.AreStill(known) && pace.Held == TimeSpan.Zero;
    }

    // Null if there is no rate, and if no slot came or it passed.
    async Task<SendSlot?> WaitForSlotAsync(SendRules known, TimeSpan longest)
    {
        if (known.RatePerSecond is not { } rate)
        {
            return null;
        }

        using var given = new CancellationTokenSource();
        var until = time.GetSteadyTime() + (longest < Left ? longest : Left);

        // Nobody else can use a slot that was taken, so it is waited for as long as there is time.
        var last = longest < LongestSlotWait ? until : latest;
        var taking = slots.TakeAsync(rate, given.Token);
        while (!taking.IsCompleted)
        {
            await Task.WhenAny(taking, Task.Delay(LongestSleep, time, given.Token));
            if (!taking.IsCompleted && (time.GetSteadyTime() >= until || Left <= TimeSpan.Zero || !watch.AreStill(known)))
            {
                End(given);
                return null;
            }
        }

        End(given);
        bool IsWanted() => Left > TimeSpan.Zero && watch.AreStill(known);
        return await taking is { } slot && slot.At <= last && await SleepAsync(slot, IsWanted) ? slot : null;
    }

    /// <returns>Whether it is time for the slot, and not too late.</returns>
    async Task<bool> SleepAsync(SendSlot slot, Func<bool> isWanted)
    {
        while (slot.At - time.GetSteadyTime() is var left && left > TimeSpan.Zero)
        {
            if (!isWanted())
            {
                return false;
            }

            bool isLast = left <= LongestSleep;
            await Task.Delay(isLast ? RoundUp(left) : LongestSleep, time);
            if (isLast)
            {
                punctuality.Note(time.GetSteadyTime() - slot.At);
            }
        }

        return time.GetSteadyTime() <= slot.Latest;
    }

    // Not asynchronously: that would only end the wait on another thread.
    static void End(CancellationTokenSource wait) => wait.Cancel();

    // Delays are in whole milliseconds, and the slot must have begun when the delay ends.
    static TimeSpan RoundUp(TimeSpan left) => TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
}
