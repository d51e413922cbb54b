using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Orchestration;

/// <summary>The output of <see cref="PostItem"/>.</summary>
/// <param name="Outcome">The outcome of the last attempt.</param>
/// <param name="RetryAfterSeconds">How long to wait before the item is sent again; null where the outcome is final.</param>
/// <param name="Stop">Why no further item of the batch is sent; null while they are.</param>
/// <param name="IsPaused">Whether the batch is paused: the wait is then the time after which to look again.</param>
public sealed record PostItemResult(ItemOutcome Outcome, double? RetryAfterSeconds = null, BatchStop? Stop = null, bool IsPaused = false);
