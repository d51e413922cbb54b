namespace Rollcall.Batches;

/// <summary>What the sender of a batch's items has to keep to at a moment.</summary>
/// <param name="RatePerSecond">How many requests are sent a second at the most; null for no bound.</param>
/// <param name="Stop">Why no item is sent any more; null while they are.</param>
/// <param name="IsPaused">Whether no item is sent for now.</param>
public readonly record struct SendRules(double? RatePerSecond, BatchStop? Stop, bool IsPaused)
{
    /// <summary>Whether no item may be sent.</summary>
    public bool IsHalt => IsPaused || Stop is not null;
}
