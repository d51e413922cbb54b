using Rollcall.Batches;
using Rollcall.Serialization;

namespace Rollcall.Storage;

/// <summary>A catalog's note of a set of items that an intake is storing. It is removed when the intake ends, however it ends.</summary>
/// <param name="BatchId">The batch that the items are for.</param>
/// <param name="StartedAt">When the intake began.</param>
public sealed record IntakeEntry(string BatchId, string ItemsName, DateTimeOffset StartedAt)
{
    /// <summary>The note's key. Keys in ascending order are notes from the oldest to the newest.</summary>
    public string Key { get; } = $"{KeyAt(StartedAt)}-{ItemsName}-{BatchId}";

    /// <summary>The key that is above those of all intakes that began before a time, and below the others.</summary>
    public static string KeyAt(DateTimeOffset time) => TimeKey.Of(time);

    /// <summary>Reads a key.</summary>
    /// <returns>The note, or null where the text is not a key.</returns>
    public static IntakeEntry? Parse(string key) =>
        key.Split('-', 3) is [var time, var itemsName, var batchId]
        && TimeKey.Find(time) is { } startedAt
        && BatchManifest.IsValidId(batchId)
            ? new IntakeEntry(batchId, itemsName, startedAt)
            : null;
}
