namespace Rollcall.Intake;

/// <summary>Why a line of the input cannot be an item.</summary>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
public sealed record LineError(long Line, string Message);
