namespace Rollcall.Sending;

/// <summary>An item's turn: when the target can take one more, and the batch's rules allow it.</summary>
/// <param name="pace">How much the target gets.</param>
/// <param name="rules">Reads the batch's rules, which may change while the turn is waited for.</param>
/// <param name="origin">The moment from which the batch's slots are counted.</param>
/// <param name="lane">The lane that the turn is of.</param>
/// <param name="time">The clock.</param>
sealed class SendTurn(TargetPace pace, Func<ValueTask<SendRules>> rules, DateTimeOffset origin, SendLane lane, TimeProvider time)
{
    // A durable timer is not exact, so what is left of a long wait is waited for here.
    static readonly TimeSpan LongestSlotWait = 2 * RetryPlan.LongestHeldWait;

    // Longer waits are made of several, because the rules may change meanwhile.
    static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(2);

    /// <summary>Waits for the turn, unless the wait is long.</summary>
    /// <returns>The permit to send now, how long to wait without an activity's slot, or why there is no turn.</returns>
    public async Task<TargetPermit> WaitAsync()
    {
        while (true)
        {
            var known = await rules();
            if (known.IsHalt)
            {
                return TargetPermit.Refused(known);
            }

            if (known.RatePerSecond is { } rate && await SleepUntilNearAsync(rate) is { } longWait)
            {
                return longWait;
            }

            var permit = await pace.EnterAsync();
            if (permit.Wait is not null)
            {
                return permit;
            }

            bool mayGo = false;
            try
            {
                mayGo = await MayGoAsync(known);
            }
            finally
            {
                // Also where the rules could not be read: a permit that is lost is never given to anybody again.
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

    // One sleep at the most: then the rules are looked at again.
    async Task<TargetPermit?> SleepUntilNearAsync(double rate)
    {
        var wait = SlotAt(rate) - time.GetUtcNow();
        if (wait > LongestSlotWait)
        {
            return TargetPermit.After(wait - RetryPlan.LongestHeldWait);
        }

        if (wait > LongestSleep)
        {
            await Task.Delay(LongestSleep, time);
        }

        return null;
    }

    async Task<bool> MayGoAsync(SendRules known)
    {
        DateTimeOffset? slot = known.RatePerSecond is { } rate ? SlotAt(rate) : null;
        if (slot - time.GetUtcNow() > LongestSleep)
        {
            return false;
        }

        for (var left = slot - time.GetUtcNow(); left > TimeSpan.Zero; left = slot - time.GetUtcNow())
        {
            await Task.Delay(RoundUp(left.Value), time);
        }

        return await rules() == known && pace.Held == TimeSpan.Zero && !(time.GetUtcNow() - slot > SendSlots.Tolerance);
    }

    DateTimeOffset SlotAt(double rate) => new SendSlots(origin, rate, lane.Number, lane.Of).NextAt(time.GetUtcNow());

    // A delay is in whole milliseconds, and a slot must have begun.
    static TimeSpan RoundUp(TimeSpan left) => TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
}
