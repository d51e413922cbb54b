using Rollcall.Batches;
using Rollcall.Serialization;

namespace Rollcall.Storage;

/// <summary>An entry of a catalog.</summary>
/// <param name="CreatedAt">When the batch or request was received.</param>
public sealed record CatalogEntry(string BatchId, DateTimeOffset CreatedAt)
{
    /// <summary>The entry's key. Keys in ascending order are entries from the newest to the oldest.</summary>
    public string Key { get; } = KeyOf(BatchId, CreatedAt);

    /// <summary>Makes a key.</summary>
    /// <param name="id">An id that is unique for its time.</param>
    /// <param name="time">The time that the keys are ordered by.</param>
    /// <returns>The key: what is left of the calendar at that time in 19 digits, a hyphen, and the id.</returns>
    public static string KeyOf(string id, DateTimeOffset time) => $"{TimeKey.Of(TimeKey.OppositeOf(time))}-{id}";

    /// <summary>Reads a key.</summary>
    /// <returns>The entry, or null where the text is not a key.</returns>
    public static CatalogEntry? Parse(string key) =>
        key.Split('-', 2) is [var opposite, var id] && TimeKey.Find(opposite) is { } time && BatchManifest.IsValidId(id)
            ? new CatalogEntry(id, TimeKey.OppositeOf(time))
            : null;
}
