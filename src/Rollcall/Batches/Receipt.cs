namespace Rollcall.Batches;

/// <summary>The proof that a batch is whole: made by reading back every stored outcome, once all are there.</summary>
public sealed record Receipt
{
    /// <summary>The batch's id.</summary>
    public required string BatchId { get; init; }

    /// <summary>How many items went in.</summary>
    public required long Items { get; init; }

    /// <summary>How many outcomes came out. Always equal to <see cref="Items"/>: a batch with fewer is never sealed.</summary>
    public required long Outcomes { get; init; }

    /// <summary>The outcomes by kind.</summary>
    public required OutcomeCounts Counts { get; init; }

    /// <summary>The SHA-256 of the whole results, in lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The SHA-256 of what went in: see <see cref="BatchManifest.ContentSha256"/>.</summary>
    public required string ContentSha256 { get; init; }

    /// <summary>
    /// Which time the items were sent, from 1: a batch that was redriven twice has three receipts, and this is the number of this one.
    /// </summary>
    public required int Run { get; init; }

    /// <summary>Why items were left unsent; null where none were left, and no bound of the batch was passed.</summary>
    public BatchStop? Stop { get; init; }

    /// <summary>When the batch was taken in.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the batch was sealed.</summary>
    public required DateTimeOffset SealedAt { get; init; }

    /// <summary>The shards in order.</summary>
    public required IReadOnlyList<ShardReceipt> Shards { get; init; }

    /// <summary>Whether the run ended before every item was sent that had to be, and so can be gone on with.</summary>
    internal bool EndedEarly() => Stop is not null && Counts.Succeeded < Items;
}

/// <summary>A shard's part of the receipt.</summary>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="FirstIndex">The index of its first item.</param>
/// <param name="Items">How many items, and so result lines, it has.</param>
/// <param name="Sha256">The SHA-256 of its result lines, in lower-case hex.</param>
public sealed record ShardReceipt(int Shard, long FirstIndex, int Items, string Sha256);
