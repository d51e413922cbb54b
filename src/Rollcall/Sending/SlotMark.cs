namespace Rollcall.Sending;

/// <summary>How far the slots of a batch are taken.</summary>
/// <param name="LastSlot">When the last one that is taken begins.</param>
public sealed record SlotMark(DateTimeOffset LastSlot);
