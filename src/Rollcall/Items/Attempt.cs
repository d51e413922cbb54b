namespace Rollcall.Items;

/// <summary>One attempt to send an item, or several refused ones in a row.</summary>
/// <param name="At">When the request began; of several, the first.</param>
/// <param name="DurationMs">How long it took, in milliseconds; of several, the last.</param>
/// <param name="HttpStatus">The status of the response, if there was one; of several, the last.</param>
/// <param name="Error">Why it failed; null if it succeeded; of several, the last.</param>
/// <param name="Times">
/// For how many attempts this stands, if that is more than one. A target may refuse an item hundreds of times, so after the tenth refusal
/// those in a row are only counted.
/// </param>
public sealed record Attempt(DateTimeOffset At, double DurationMs, int? HttpStatus, ItemErrorCode? Error, int? Times = null)
{
    /// <summary>
    /// Whether the item was not taken: the target had too much to do, or nobody was there. Such an attempt does not count against
    /// the maximum number of attempts.
    /// </summary>
    internal bool IsRefused => (Error == ItemErrorCode.HttpStatus && ItemOutcome.IsRefusal(HttpStatus)) || IsUnanswered;

    /// <summary>Whether nobody was there to take the item.</summary>
    internal bool IsUnanswered => Error is ItemErrorCode.Connect or ItemErrorCode.Dns;
}
