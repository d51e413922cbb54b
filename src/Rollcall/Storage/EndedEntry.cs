using System.Globalization;
using Rollcall.Batches;
using Rollcall.Serialization;

namespace Rollcall.Storage;

/// <summary>A catalog's note of when a batch ended. The batch may have been redriven since: only its own store is authoritative.</summary>
/// <param name="End">How and when it ended.</param>
public sealed record EndedEntry(CatalogEntry Entry, BatchEnd End)
{
    const int TicksLength = 19;

    /// <summary>The note's key. Ascending order of keys is the order from the oldest end to the newest.</summary>
    public string Key { get; } = $"{Ticks(End.At)}-{KebabCase.Of(End.Kind)}-{Entry.Key}";

    /// <summary>A key that sorts after all ends before a time and before all others.</summary>
    public static string KeyAt(DateTimeOffset time) => Ticks(time);

    /// <summary>Reads a key.</summary>
    /// <returns>The note, or null if the text is not a key.</returns>
    public static EndedEntry? Parse(string key)
    {
        string[] parts = key.Split('-', 3);
        return parts.Length == 3
            && parts[0].Length == TicksLength
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && Enum.GetValues<EndKind>().Cast<EndKind?>().FirstOrDefault(kind => KebabCase.Of(kind!.Value) == parts[1]) is { } end
            && CatalogEntry.Parse(parts[2]) is { } entry
            ? new EndedEntry(entry, new BatchEnd(end, new DateTimeOffset(ticks, TimeSpan.Zero)))
            : null;
    }

    static string Ticks(DateTimeOffset time) => time.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);
}
