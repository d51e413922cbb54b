namespace Rollcall.Batches;

/// <summary>The proof that a batch is complete, made by reading back every stored outcome once all are there.</summary>
public sealed record Receipt
{
    /// <summary>The batch's id.</summary>
    public required string BatchId { get; init; }

    /// <summary>How many items went in.</summary>
    public required long Items { get; init; }

    /// <summary>How many outcomes came out. Always equal to <see cref="Items"/>: a batch with fewer is never sealed.</summary>
    public required long Outcomes { get; init; }

    /// <summary>The number of outcomes of each kind.</summary>
    public required OutcomeCounts Counts { get; init; }

    /// <summary>
    /// The totals of what was extracted from bodies, by name: those with a number in at least one item. Null if there is none.
    /// </summary>
    public SortedDictionary<string, ExtractedTotal>? Totals { get; init; }

    /// <summary>The SHA-256 of the complete results, in lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The SHA-256 of the input: see <see cref="BatchManifest.ContentSha256"/>.</summary>
    public required string ContentSha256 { get; init; }

    /// <summary>
    /// The items that were sent with other payloads than those of the input, the oldest set first; null for none. Of an item in several
    /// sets, the last one counts.
    /// </summary>
    public IReadOnlyList<Replacement>? Replaced { get; init; }

    /// <summary>
    /// The number of the run that this receipt is for, from 1: a batch that was redriven twice has three receipts.
    /// </summary>
    public required int Run { get; init; }

    /// <summary>Why items were left unsent; null if none were and the batch stayed within its limits.</summary>
    public BatchStop? Stop { get; init; }

    /// <summary>When the batch was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the batch was sealed.</summary>
    public required DateTimeOffset SealedAt { get; init; }

    /// <summary>The shards, in order.</summary>
    public required IReadOnlyList<ShardReceipt> Shards { get; init; }

    /// <summary>Whether the run ended before every item it had to send was sent, so that the batch can be resumed.</summary>
    internal bool EndedEarly() => Stop is not null && Counts.Succeeded < Items;
}

/// <summary>A shard's part of the receipt.</summary>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="FirstIndex">The index of the shard's first item.</param>
/// <param name="Items">The number of items, which is also the number of result lines.</param>
/// <param name="Sha256">The SHA-256 of its result lines, in lower-case hex.</param>
public sealed record ShardReceipt(int Shard, long FirstIndex, int Items, string Sha256);
