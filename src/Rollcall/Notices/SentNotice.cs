namespace Rollcall.Notices;

/// <summary>What one attempt came to.</summary>
/// <param name="HttpStatus">The status of the answer, where there was one.</param>
/// <param name="Error">Why it was no success; null where it was.</param>
/// <param name="IsFinal">Whether another attempt is of no use.</param>
/// <param name="Asked">How long the receiver asked to wait.</param>
sealed record SentNotice(int? HttpStatus = null, string? Error = null, bool IsFinal = false, TimeSpan? Asked = null);
