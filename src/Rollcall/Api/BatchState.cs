using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Api;

/// <summary>How a batch is.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<BatchState>))]
public enum BatchState
{
    /// <summary>All items are stored; the orchestration is not scheduled yet, or it is lost and about to be scheduled again.</summary>
    Pending,

    /// <summary>The orchestration is scheduled or runs, or it failed and is about to be repaired.</summary>
    Running,

    /// <summary>Every item has its outcome and the receipt is written.</summary>
    Completed,

    /// <summary>The orchestration failed for good. What is recorded is kept.</summary>
    Failed,

    /// <summary>The request was not accepted, and nothing of it was sent.</summary>
    Rejected,
}
