using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Items;

/// <summary>How an item ended. Every item of a sealed batch has exactly one.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<OutcomeStatus>))]
public enum OutcomeStatus
{
    /// <summary>The target answered with a 2xx status and the body was read to its end.</summary>
    Succeeded,

    /// <summary>The item was sent, or could not be sent, and did not succeed. <see cref="ItemOutcome.Error"/> says why.</summary>
    Failed,

    /// <summary>The batch was cancelled, or failed as a whole, before the item was sent; or its answer was lost with the process that had sent it.</summary>
    Cancelled,

    /// <summary>The batch's deadline passed before the item was sent; or its answer was lost with the process that had sent it.</summary>
    Expired,
}
