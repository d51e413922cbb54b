namespace Rollcall.Batches;

/// <summary>
/// What a batch consists of. It is written once, after the last item is stored, and never changed. The one exception is a batch of
/// <c>rollcall run</c>: if a command resumes it with other options or headers while nothing runs, those are replaced, and corrected
/// payloads are added.
/// </summary>
public sealed record BatchManifest
{
    /// <summary>The number of items per shard unless the batch sets another.</summary>
    public const int DefaultItemsPerShard = 100;

    /// <summary>The longest id of a batch, in characters.</summary>
    public const int MaxIdLength = 64;

    /// <summary>The batch's id: see <see cref="IsValidId"/>. Also the id of its orchestration.</summary>
    public required string Id { get; init; }

    /// <summary>Where the items go.</summary>
    public required BatchTarget Target { get; init; }

    /// <summary>How they are sent.</summary>
    public required BatchOptions Options { get; init; }

    /// <summary>The number of items.</summary>
    public required long ItemCount { get; init; }

    /// <summary>The number of items in every shard except the last.</summary>
    public required int ItemsPerShard { get; init; }

    /// <summary>The name of the batch's stored set of items: see <c>IBatchStore.WriteItemsAsync</c>.</summary>
    public required string ItemsName { get; init; }

    /// <summary>
    /// The SHA-256 of all ids and payloads in order, in lower-case hex: two batches with the same value have the same items.
    /// </summary>
    public required string ContentSha256 { get; init; }

    /// <summary>
    /// The items that are sent with other payloads than those of the input, the oldest set first; null for none. Only a batch of
    /// <c>rollcall run</c> has any.
    /// </summary>
    public IReadOnlyList<StoredReplacement>? Replacements { get; init; }

    /// <summary>Whether any item has an id.</summary>
    public bool HasIds { get; init; }

    /// <summary>When the batch was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the first item may be sent; null for immediately.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Who is notified when the batch is sealed; null for nobody.</summary>
    public OnCompleted? OnCompleted { get; init; }

    /// <summary>The rules for an id, for error messages.</summary>
    public static string IdNeeded { get; } =
        $"1 to {MaxIdLength} of A-Z a-z 0-9 - _ are allowed, but not con, prn, aux, nul, com1 to com9 and lpt1 to lpt9, which are "
        + "devices on Windows";

    /// <summary>Whether a text can be a batch's id. Ids become parts of paths and URLs, so nothing else is allowed.</summary>
    /// <returns>Whether it is 1 to 64 of A-Z a-z 0-9 - _ and not a name that Windows reserves for a device.</returns>
    public static bool IsValidId(string id) =>
        id.Length is > 0 and <= MaxIdLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && !IsDevice(id);

    static bool IsDevice(string id) => id.ToUpperInvariant() is "CON" or "PRN" or "AUX" or "NUL"
        or ['C', 'O', 'M', >= '1' and <= '9'] or ['L', 'P', 'T', >= '1' and <= '9'];

    /// <summary>Finds the newest payload that an item was given in place of that of the input.</summary>
    /// <param name="index">The item's index.</param>
    /// <returns>The set of items that has it; null if there is none.</returns>
    public StoredReplacement? FindReplacement(long index) => Replacements?.LastOrDefault(set => set.PlaceOf(index) >= 0);

    /// <summary>The number of shards.</summary>
    public int ShardCount() => (int)((ItemCount + ItemsPerShard - 1) / ItemsPerShard);

    /// <summary>The number of items in a shard.</summary>
    /// <param name="shard">The shard, from 0.</param>
    public int ItemsIn(int shard) => (int)Math.Min(ItemsPerShard, ItemCount - FirstIndexOf(shard));

    /// <summary>The index in the batch of a shard's first item.</summary>
    /// <param name="shard">The shard, from 0.</param>
    public long FirstIndexOf(int shard) => (long)shard * ItemsPerShard;
}
