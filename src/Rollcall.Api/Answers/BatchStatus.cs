using Rollcall.Batches;

namespace Rollcall.Api.Answers;

/// <summary>How a batch is, for its callers.</summary>
public sealed record BatchStatus
{
    /// <summary>The batch's id; of a rejected request the id of its queue message.</summary>
    public required string Id { get; init; }

    /// <summary>Where the batch is in its life.</summary>
    public required BatchState Status { get; init; }

    /// <summary>How many items there are.</summary>
    public long? Items { get; init; }

    /// <summary>Which time the items are sent, or were: 1, and one more for each redrive.</summary>
    public int? Run { get; init; }

    /// <summary>How many items have an outcome. It goes down only where a redrive begins, or a lost orchestration is replaced.</summary>
    public long? Done { get; init; }

    /// <summary>The outcomes by kind.</summary>
    public OutcomeCounts? Counts { get; init; }

    /// <summary>How often items were sent, as far as it is recorded; null where the record of it is gone.</summary>
    public long? Attempts { get; init; }

    /// <summary>Bytes of the bodies that were received; null where the record of it is gone.</summary>
    public long? Bytes { get; init; }

    /// <summary>How long the answers took; null where there was none, or the record of it is gone.</summary>
    public AnswerTimes? AnswerTimes { get; init; }

    /// <summary>How many items are in flight at once at the most.</summary>
    public int? Concurrency { get; init; }

    /// <summary>How many requests are sent a second at the most; null for no bound.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>The URL that the items go to, as <see cref="ShownUrl"/> has it.</summary>
    public string? Target { get; init; }

    /// <summary>When the request came; null where what is stored of the batch is damaged and no longer says so.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the first item may be sent; null for at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>When what is not sent by then expires; null for never.</summary>
    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>When the batch ended; null while it goes on.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>
    /// Items sent a second, on the mean since the run began; what was cancelled or expired unsent does not count. Null where it is not
    /// known.
    /// </summary>
    public double? ItemsPerSecond { get; init; }

    /// <summary>Items sent a second in the last 15 seconds; null where the batch does not run.</summary>
    public double? ItemsPerSecondNow { get; init; }

    /// <summary>Seconds to the end at the rate of now, or the mean where nothing ended of late; null where there is none to tell.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>
    /// Why the batch stopped, failed or was rejected; of a running batch why its orchestration failed, until it is repaired.
    /// </summary>
    public string? Error { get; init; }

    /// <summary>What became of the notice of the batch's end; null where nobody is told, and before the end.</summary>
    public NoticeStatus? Notice { get; init; }

    /// <summary>Where to go from here.</summary>
    public BatchLinks? Links { get; init; }
}
