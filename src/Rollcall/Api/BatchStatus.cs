using Rollcall.Batches;

namespace Rollcall.Api;

/// <summary>How a batch is, for its callers.</summary>
public sealed record BatchStatus
{
    /// <summary>The batch's id; of a rejected request the id of its queue message.</summary>
    public required string Id { get; init; }

    /// <summary>Where the batch is in its life.</summary>
    public required BatchState Status { get; init; }

    /// <summary>How many items there are.</summary>
    public long? Items { get; init; }

    /// <summary>How many of them have a written outcome. It goes down only for the moment in which a lost orchestration is replaced.</summary>
    public long? Done { get; init; }

    /// <summary>The written outcomes by kind.</summary>
    public OutcomeCounts? Counts { get; init; }

    /// <summary>The URL that the items go to.</summary>
    public string? Target { get; init; }

    /// <summary>When the request came.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the batch ended; null while it goes on.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Written outcomes a second, on the mean since the request came.</summary>
    public double? ItemsPerSecond { get; init; }

    /// <summary>Seconds to the end at that rate; null where there is none to tell.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>Why the batch failed or was rejected; of a running batch why its orchestration failed, until it is repaired.</summary>
    public string? Error { get; init; }

    /// <summary>Where to go from here.</summary>
    public BatchLinks? Links { get; init; }
}
