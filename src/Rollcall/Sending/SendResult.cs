using Rollcall.Items;

namespace Rollcall.Sending;

/// <summary>What came of sending an item.</summary>
/// <param name="Outcome">The outcome of the last attempt, with all attempts up to now.</param>
/// <param name="RetryAfter">
/// How long to wait before the item is sent again, where that is too long to hold a slot for it; null where the outcome is final.
/// </param>
public sealed record SendResult(ItemOutcome Outcome, TimeSpan? RetryAfter);
