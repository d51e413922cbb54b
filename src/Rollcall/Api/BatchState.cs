using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Api;

/// <summary>How a batch is.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<BatchState>))]
public enum BatchState
{
    /// <summary>All items are stored; the orchestration is not scheduled yet.</summary>
    Pending,

    /// <summary>The orchestration is scheduled or runs.</summary>
    Running,

    /// <summary>Every item has its outcome and the receipt is written.</summary>
    Completed,

    /// <summary>The orchestration ended without a receipt. What is recorded is kept.</summary>
    Failed,

    /// <summary>The request was not accepted, and nothing of it was sent.</summary>
    Rejected,
}
