using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Batches;

/// <summary>How and when a batch ended.</summary>
/// <param name="At">The time that the receipt or the failure gives.</param>
public sealed record BatchEnd(EndKind Kind, DateTimeOffset At)
{
    /// <summary>How a sealed batch ended.</summary>
    /// <param name="stop">Why items were left unsent; null if none were.</param>
    public static EndKind KindOf(BatchStop? stop) => stop?.Kind switch
    {
        null => EndKind.Completed,
        StopKind.Cancelled => EndKind.Cancelled,
        StopKind.Expired => EndKind.Expired,
        _ => EndKind.Failed,
    };
}

/// <summary>How a batch ended.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<EndKind>))]
public enum EndKind
{
    /// <summary>Every item was sent.</summary>
    Completed,

    /// <summary>Some items were not sent because the batch was cancelled.</summary>
    Cancelled,

    /// <summary>Some items were not sent because the deadline passed.</summary>
    Expired,

    /// <summary>More items failed than the batch's options allow, or the orchestration failed permanently.</summary>
    Failed,
}
