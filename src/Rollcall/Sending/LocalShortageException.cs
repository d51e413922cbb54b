namespace Rollcall.Sending;

/// <summary>This machine lacks what a connection needs, and has for too long. No item's outcome is recorded for it.</summary>
/// <param name="message">What it lacks, and what to do.</param>
public sealed class LocalShortageException(string message) : IOException(message);
