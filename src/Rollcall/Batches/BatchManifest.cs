namespace Rollcall.Batches;

/// <summary>
/// What a batch is: written once, after its last item is stored. Of a batch of <c>rollcall run</c> the options and the headers are replaced
/// where the same command goes on with others, while nothing runs; all else is never changed.
/// </summary>
public sealed record BatchManifest
{
    /// <summary>How many items a shard has unless the batch says otherwise.</summary>
    public const int DefaultItemsPerShard = 100;

    /// <summary>The longest id of a batch, in characters.</summary>
    public const int MaxIdLength = 64;

    /// <summary>The batch's id: see <see cref="IsValidId"/>. Also the id of its orchestration.</summary>
    public required string Id { get; init; }

    /// <summary>Where the items go.</summary>
    public required BatchTarget Target { get; init; }

    /// <summary>How they are sent.</summary>
    public required BatchOptions Options { get; init; }

    /// <summary>How many items there are.</summary>
    public required long ItemCount { get; init; }

    /// <summary>How many items every shard but the last has.</summary>
    public required int ItemsPerShard { get; init; }

    /// <summary>The name of the stored set of items that is the batch's: see <c>IBatchStore.WriteItemsAsync</c>.</summary>
    public required string ItemsName { get; init; }

    /// <summary>
    /// The SHA-256 of all ids and payloads in order, in lower-case hex: two batches with the same value have the same items.
    /// </summary>
    public required string ContentSha256 { get; init; }

    /// <summary>When the batch was taken in.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its first item may be sent; null for at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Who is told when it is sealed; null for nobody.</summary>
    public OnCompleted? OnCompleted { get; init; }

    /// <summary>What an id has to be.</summary>
    public static string IdNeeded { get; } =
        $"1 to {MaxIdLength} of A-Z a-z 0-9 - _ are allowed, but not con, prn, aux, nul, com1 to com9 and lpt1 to lpt9, which are "
        + "devices on Windows";

    /// <summary>Whether a text can be a batch's id. Ids are parts of paths and of URLs, so nothing else is let in.</summary>
    /// <returns>Whether it is 1 to 64 of A-Z a-z 0-9 - _, and no name that Windows keeps for a device.</returns>
    public static bool IsValidId(string id) =>
        id.Length is > 0 and <= MaxIdLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && !IsDevice(id);

    static bool IsDevice(string id) => id.ToUpperInvariant() is "CON" or "PRN" or "AUX" or "NUL"
        or ['C', 'O', 'M', >= '1' and <= '9'] or ['L', 'P', 'T', >= '1' and <= '9'];

    /// <summary>How many shards there are.</summary>
    public int ShardCount() => (int)((ItemCount + ItemsPerShard - 1) / ItemsPerShard);

    /// <summary>How many items a shard has.</summary>
    /// <param name="shard">The shard, from 0.</param>
    /// <returns>The number of its items.</returns>
    public int ItemsIn(int shard) => (int)Math.Min(ItemsPerShard, ItemCount - FirstIndexOf(shard));

    /// <summary>The index of a shard's first item.</summary>
    /// <param name="shard">The shard, from 0.</param>
    /// <returns>The index in the batch.</returns>
    public long FirstIndexOf(int shard) => (long)shard * ItemsPerShard;
}
