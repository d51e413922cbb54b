using System.Text.Json.Serialization;
using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Sending;

/// <summary>The result of sending an item.</summary>
/// <param name="Outcome">
/// The outcome of the last attempt, with all attempts so far; one without an error if there was no attempt yet.
/// </param>
/// <param name="RetryAfter">
/// How long to wait before the item is sent again, if that is too long to hold a slot for it; null if the outcome is final.
/// </param>
/// <param name="Stop">Why no further item of the batch is sent; null while they are.</param>
/// <param name="IsPaused">Whether the wait is for a pause of the batch to end, whose end is not known.</param>
public sealed record SendResult(
    [property: JsonRequired] ItemOutcome Outcome, TimeSpan? RetryAfter = null, BatchStop? Stop = null, bool IsPaused = false)
{
    /// <summary>An item that was not sent this time, with its earlier attempts.</summary>
    internal static SendResult Failed(long index, IReadOnlyList<Attempt> attempts, ItemError? error = null) =>
        new(ItemOutcome.Failed(index, attempts, error), RetryAfter: null);

    /// <summary>An item that is not sent, or not sent again, because its batch has stopped.</summary>
    internal static SendResult Stopped(ItemOutcome outcome, BatchStop stop) => new(outcome, RetryAfter: null, stop);
}
