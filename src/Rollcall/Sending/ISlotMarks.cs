namespace Rollcall.Sending;

/// <summary>Keeps the marks of batches where several processes can see them.</summary>
public interface ISlotMarks
{
    /// <summary>Reads a batch's mark.</summary>
    /// <returns>The mark and the tag of its version; nulls if there is none.</returns>
    /// <exception cref="IOException">The store failed.</exception>
    Task<(SlotMark? Mark, string? Tag)> FindAsync(string batchId);

    /// <summary>Replaces a version of a batch's mark.</summary>
    /// <param name="tag">The tag of that version; null for none.</param>
    /// <returns>The tag of the new version; null if another process came first.</returns>
    /// <exception cref="IOException">The store failed.</exception>
    Task<string?> ReplaceAsync(string batchId, SlotMark mark, string? tag);
}

/// <summary>How far the slots of a batch are taken.</summary>
/// <param name="LastSlot">When the last taken slot begins.</param>
public sealed record SlotMark(DateTimeOffset LastSlot);
