namespace Rollcall.Batches;

/// <summary>One time that a notice was sent.</summary>
/// <param name="At">When it began.</param>
/// <param name="DurationMs">Milliseconds to its end.</param>
/// <param name="HttpStatus">The status of the webhook's answer, where there was one.</param>
/// <param name="Error">Why it was no success, in a sentence; null where it was.</param>
public sealed record NoticeAttempt(DateTimeOffset At, double DurationMs, int? HttpStatus = null, string? Error = null);
