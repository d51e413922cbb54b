using Rollcall.Batches;
using Rollcall.Serialization;

namespace Rollcall.Storage;

/// <summary>A catalog's note of when a batch ended. The batch may have been redriven since: only its own store is authoritative.</summary>
/// <param name="End">How and when it ended.</param>
public sealed record EndedEntry(CatalogEntry Entry, BatchEnd End)
{
    /// <summary>The note's key. Keys in ascending order are notes from the oldest end to the newest.</summary>
    public string Key { get; } = $"{KeyAt(End.At)}-{KebabCase.Of(End.Kind)}-{Entry.Key}";

    /// <summary>The key that is above those of all ends before a time, and below the others.</summary>
    public static string KeyAt(DateTimeOffset time) => TimeKey.Of(time);

    /// <summary>Reads a key.</summary>
    /// <returns>The note, or null where the text is not a key.</returns>
    public static EndedEntry? Parse(string key) =>
        key.Split('-', 3) is [var time, var kind, var entry]
        && TimeKey.Find(time) is { } at
        && KebabCase.Find<EndKind>(kind) is { } end
        && CatalogEntry.Parse(entry) is { } batch
            ? new EndedEntry(batch, new BatchEnd(end, at))
            : null;
}
