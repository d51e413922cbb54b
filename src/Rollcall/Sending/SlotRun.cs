namespace Rollcall.Sending;

/// <summary>Slots of a batch in a row that one process has to itself.</summary>
/// <param name="First">When the first one begins, on the process's steady clock.</param>
/// <param name="IsTaken">Whether they were taken; otherwise <paramref name="First"/> is too far away.</param>
public readonly record struct SlotRun(TimeSpan First, bool IsTaken);
