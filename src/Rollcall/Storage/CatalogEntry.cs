using System.Globalization;
using Rollcall.Batches;

namespace Rollcall.Storage;

/// <summary>An entry of a catalog.</summary>
/// <param name="CreatedAt">When the batch or request was received.</param>
public sealed record CatalogEntry(string BatchId, DateTimeOffset CreatedAt)
{
    const int TicksLength = 19;

    /// <summary>The entry's key. Ascending order of keys is the order from the newest entry to the oldest.</summary>
    public string Key { get; } = KeyOf(BatchId, CreatedAt);

    /// <summary>Makes a key.</summary>
    /// <param name="id">An id that is unique for its time.</param>
    /// <param name="time">The time that the keys are ordered by.</param>
    /// <returns>The ticks from that time to the end of the calendar in 19 digits, a hyphen, and the id.</returns>
    public static string KeyOf(string id, DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks:D19}-{id}");

    /// <summary>Reads a key.</summary>
    /// <returns>The entry, or null if the text is not a key.</returns>
    public static CatalogEntry? Parse(string key)
    {
        if (key.Length <= TicksLength + 1
            || key[TicksLength] != '-'
            || !long.TryParse(key.AsSpan(0, TicksLength), NumberStyles.None, CultureInfo.InvariantCulture, out long left)
            || left > DateTimeOffset.MaxValue.UtcTicks
            || !BatchManifest.IsValidId(key[(TicksLength + 1)..]))
        {
            return null;
        }

        return new CatalogEntry(key[(TicksLength + 1)..], new DateTimeOffset(DateTimeOffset.MaxValue.UtcTicks - left, TimeSpan.Zero));
    }
}
