namespace Rollcall.Items;

/// <summary>One time that an item was sent.</summary>
/// <param name="At">When its request began.</param>
/// <param name="DurationMs">Milliseconds to its end.</param>
/// <param name="HttpStatus">The status of its answer, where there was one.</param>
/// <param name="Error">Why it was no success; null where it was.</param>
public sealed record Attempt(DateTimeOffset At, double DurationMs, int? HttpStatus, ItemErrorCode? Error);
