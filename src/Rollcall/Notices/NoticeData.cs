using Rollcall.Batches;

namespace Rollcall.Notices;

/// <summary>What a notice tells of the batch.</summary>
public sealed record NoticeData
{
    /// <summary>The batch's id.</summary>
    public required string Id { get; init; }

    /// <summary>How it ended: completed, cancelled, expired or failed.</summary>
    public required EndKind Status { get; init; }

    /// <summary>Which time the items were sent, from 1.</summary>
    public required int Run { get; init; }

    /// <summary>How many items it has.</summary>
    public required long Items { get; init; }

    /// <summary>The outcomes by kind.</summary>
    public required OutcomeCounts Counts { get; init; }

    /// <summary>The SHA-256 of the whole results, in lower-case hex; null where the batch failed without a receipt.</summary>
    public string? Sha256 { get; init; }

    /// <summary>When the batch was taken in.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Why items were left unsent, or why the batch failed, in a sentence; null where nothing of that happened.</summary>
    public string? Error { get; init; }

    internal static NoticeData Of(BatchManifest manifest, Receipt receipt) => new()
    {
        Id = manifest.Id,
        Status = BatchEnd.KindOf(receipt.Stop),
        Run = receipt.Run,
        Items = receipt.Items,
        Counts = receipt.Counts,
        Sha256 = receipt.Sha256,
        CreatedAt = receipt.CreatedAt,
        EndedAt = receipt.SealedAt,
        Error = receipt.Stop?.Reason,
    };

    internal static NoticeData Of(BatchManifest manifest, BatchFailure failure) => new()
    {
        Id = manifest.Id,
        Status = EndKind.Failed,
        Run = failure.Run,
        Items = manifest.ItemCount,
        Counts = failure.Counts,
        CreatedAt = manifest.CreatedAt,
        EndedAt = failure.FailedAt,
        Error = failure.Reason,
    };
}
