namespace Rollcall.Sending;

/// <summary>A connection was not made because the target's address is not one to send to.</summary>
/// <param name="message">Which, and why.</param>
public sealed class TargetRefusedException(string message) : Exception(message);
