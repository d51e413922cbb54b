namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>What the result line of an item must say, whatever is killed.</summary>
/// <param name="HttpStatus">The status.</param>
/// <param name="ErrorCode">The error code; null for a success.</param>
/// <param name="Body">The body, to the byte.</param>
sealed record ExpectedOutcome(int HttpStatus, string? ErrorCode, byte[] Body);
