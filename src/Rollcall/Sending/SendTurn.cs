namespace Rollcall.Sending;

/// <summary>An item's turn: when the target can take one more, and the batch's rate allows it.</summary>
/// <param name="pace">How much the target gets.</param>
/// <param name="slots">When the item's lane may send; null where the batch has no rate.</param>
/// <param name="time">The clock.</param>
sealed class SendTurn(TargetPace pace, SendSlots? slots, TimeProvider time)
{
    // A durable timer is not exact, so what is left of a long wait is waited for here.
    static readonly TimeSpan LongestSlotWait = 2 * RetryPlan.LongestHeldWait;

    /// <summary>Waits for the turn, unless the wait is long.</summary>
    /// <returns>The permit to send now, or how long to wait without an activity's slot.</returns>
    public async Task<TargetPermit> WaitAsync()
    {
        while (true)
        {
            var permit = await pace.EnterAsync();
            if (permit.Wait is not null || slots is not { } own)
            {
                return permit;
            }

            var now = time.GetUtcNow();
            var slot = own.NextAt(now);
            if (slot - now > LongestSlotWait)
            {
                pace.GiveBack();
                return TargetPermit.After(slot - now - RetryPlan.LongestHeldWait);
            }

            for (var left = slot - now; left > TimeSpan.Zero; left = slot - time.GetUtcNow())
            {
                await Task.Delay(RoundUp(left), time);
            }

            if (time.GetUtcNow() - slot <= SendSlots.Tolerance && pace.Held == TimeSpan.Zero)
            {
                return permit;
            }

            pace.GiveBack();
        }
    }

    // A delay is in whole milliseconds, and a slot must have begun.
    static TimeSpan RoundUp(TimeSpan left) => TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
}
