using System.Text.Json.Serialization;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Batches;

/// <summary>A batch's final stop: no further item is sent. Items in flight at that time are waited for and recorded.</summary>
/// <param name="Kind">What stopped the batch.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="At">When the stop took effect.</param>
public sealed record BatchStop([property: JsonRequired] StopKind Kind, [property: JsonRequired] string Reason, DateTimeOffset At)
{
    /// <summary>The outcome of an item that is not sent, or not sent again, because its batch has stopped.</summary>
    /// <param name="index">The item's place in the batch.</param>
    /// <param name="attempts">The attempts made so far, none of which succeeded.</param>
    /// <returns>Cancelled or expired if there was no attempt; otherwise the failure of the last one.</returns>
    public ItemOutcome OutcomeOf(long index, IReadOnlyList<Attempt> attempts)
    {
        if (attempts.Count == 0)
        {
            var (status, code) = Kind == StopKind.Expired
                ? (OutcomeStatus.Expired, ItemErrorCode.Expired)
                : (OutcomeStatus.Cancelled, ItemErrorCode.Cancelled);
            return new ItemOutcome { Index = index, Status = status, Error = ItemError.Of(code, $"The item has no response. {Reason}") };
        }

        var last = attempts[^1];
        return new ItemOutcome
        {
            Index = index,
            Status = OutcomeStatus.Failed,
            HttpStatus = last.HttpStatus,
            Attempts = attempts.Count,
            AttemptHistory = attempts,
            DurationMs = last.DurationMs,
            Error = ItemError.Of(
                last.Error ?? ItemErrorCode.Platform,
                $"The last attempt failed, and the item was not sent again. {Reason}"),
        };
    }
}

/// <summary>Why a batch ended before all of its items were sent.</summary>
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

/// <summary>The rules that the sender of a batch's items must follow right now.</summary>
/// <param name="RatePerSecond">The maximum number of requests per second; null for no limit.</param>
/// <param name="Stop">Why no more items are sent; null while they are.</param>
/// <param name="IsPaused">Whether sending is paused.</param>
public readonly record struct SendRules(double? RatePerSecond, BatchStop? Stop, bool IsPaused)
{
    /// <summary>Whether no item may be sent.</summary>
    public bool IsHalt => IsPaused || Stop is not null;
}
