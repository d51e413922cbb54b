using Rollcall.Batches;

namespace Rollcall.Api.Responses;

/// <summary>The status of a batch, for its callers.</summary>
public sealed record BatchStatus
{
    /// <summary>The batch's id; for a rejected request, the id of its queue message.</summary>
    public required string Id { get; init; }

    /// <summary>The batch's state.</summary>
    public required BatchState Status { get; init; }

    /// <summary>The number of items.</summary>
    public long? Items { get; init; }

    /// <summary>The number of the current or last run: 1, plus 1 for each redrive.</summary>
    public int? Run { get; init; }

    /// <summary>How many items have an outcome. It goes down only if a redrive begins or a lost orchestration is replaced.</summary>
    public long? Done { get; init; }

    /// <summary>The number of outcomes of each kind.</summary>
    public OutcomeCounts? Counts { get; init; }

    /// <summary>The number of recorded attempts; null if the record of it is gone.</summary>
    public long? Attempts { get; init; }

    /// <summary>The number of body bytes received; null if the record of it is gone.</summary>
    public long? Bytes { get; init; }

    /// <summary>How long the responses took; null if there was none, or the record of it is gone.</summary>
    public ResponseTimes? ResponseTimes { get; init; }

    /// <summary>The maximum number of items in flight at once.</summary>
    public int? Concurrency { get; init; }

    /// <summary>The maximum number of requests per second; null for no limit.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>The URL that the items go to, as shown by <see cref="ShownUrl"/>.</summary>
    public string? Target { get; init; }

    /// <summary>When the request was received; null if the batch is damaged and its records no longer say so.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the first item may be sent; null for immediately.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>When items that are not sent yet expire; null for never.</summary>
    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>When the batch ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>
    /// Items sent per second, on average since the run began, not counting items that were cancelled or expired unsent. Null if unknown.
    /// </summary>
    public double? ItemsPerSecond { get; init; }

    /// <summary>Items sent per second in the last 15 seconds; null if the batch is not running.</summary>
    public double? ItemsPerSecondNow { get; init; }

    /// <summary>Seconds to the end at the current rate, or at the average rate if no item ended recently; null if unknown.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>
    /// Why the batch stopped, failed or was rejected; for a running batch, why its orchestration failed, until it is repaired.
    /// </summary>
    public string? Error { get; init; }

    /// <summary>The delivery of the notice of the batch's end; null if nobody is notified, and before the end.</summary>
    public NoticeStatus? Notice { get; init; }

    /// <summary>Where to find the batch's parts.</summary>
    public BatchLinks? Links { get; init; }
}
