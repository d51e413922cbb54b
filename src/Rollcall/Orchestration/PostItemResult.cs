using Rollcall.Items;

namespace Rollcall.Orchestration;

/// <summary>The output of <see cref="PostItem"/>.</summary>
/// <param name="Outcome">The outcome of the last attempt.</param>
/// <param name="RetryAfterSeconds">How long to wait before the item is sent again; null where the outcome is final.</param>
public sealed record PostItemResult(ItemOutcome Outcome, double? RetryAfterSeconds = null);
