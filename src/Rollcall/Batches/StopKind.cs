using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Batches;

/// <summary>What had a batch end before all of its items were sent.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<StopKind>))]
public enum StopKind
{
    /// <summary>Somebody cancelled it.</summary>
    Cancelled,

    /// <summary>Its deadline passed.</summary>
    Expired,

    /// <summary>More items failed than its options allow.</summary>
    Failed,
}
