namespace Rollcall.Batches;

/// <summary>Items of a batch that are sent with other payloads than those of its input, from one of its runs on.</summary>
public record Replacement
{
    /// <summary>The first run that sends them so, from 2.</summary>
    public required int Run { get; init; }

    /// <summary>The indexes of the items, in the order in which the payloads were given.</summary>
    public required IReadOnlyList<long> Indexes { get; init; }

    /// <summary>The SHA-256 of the new items, in that order: see <see cref="BatchManifest.ContentSha256"/>.</summary>
    public required string ContentSha256 { get; init; }
}

/// <summary>The same with the name of the stored set of items, in the order of the indexes.</summary>
public sealed record StoredReplacement : Replacement
{
    /// <summary>The name: see <see cref="BatchManifest.ItemsName"/>.</summary>
    public required string ItemsName { get; init; }

    // Every item of the batch is looked up, several times, and a set may have a million.
    Dictionary<long, int>? places;

    /// <summary>The place of an item in the set, from 0; -1 if it is not in it.</summary>
    /// <param name="index">The item's index in the batch.</param>
    public int PlaceOf(long index)
    {
        var known = places ??= Indexes.Select((item, place) => (item, place)).ToDictionary(pair => pair.item, pair => pair.place);
        return known.GetValueOrDefault(index, -1);
    }
}
