using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Batches;

/// <summary>How a batch ended.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<EndKind>))]
public enum EndKind
{
    /// <summary>Every item was sent.</summary>
    Completed,

    /// <summary>Some items were not sent, because the batch was cancelled.</summary>
    Cancelled,

    /// <summary>Some items were not sent, because the deadline passed.</summary>
    Expired,

    /// <summary>More items failed than the batch's options allow, or the orchestration failed for good.</summary>
    Failed,
}
