using System.Text.Json.Serialization;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Batches;

/// <summary>That no further item of a batch is sent, for good. What is in flight by then is waited for and recorded.</summary>
/// <param name="Kind">What had it stop.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="At">From when on.</param>
public sealed record BatchStop(StopKind Kind, string Reason, DateTimeOffset At)
{
    /// <summary>The outcome of an item that is not sent, or not sent again, because its batch has stopped.</summary>
    /// <param name="index">The item's place in the batch.</param>
    /// <param name="attempts">The attempts that were made by then, none of which succeeded.</param>
    /// <returns>Cancelled or expired where there was no attempt, and otherwise the failure of the last one.</returns>
    public ItemOutcome OutcomeOf(long index, IReadOnlyList<Attempt> attempts)
    {
        if (attempts.Count == 0)
        {
            var (status, code) = Kind == StopKind.Expired
                ? (OutcomeStatus.Expired, ItemErrorCode.Expired)
                : (OutcomeStatus.Cancelled, ItemErrorCode.Cancelled);
            return new ItemOutcome { Index = index, Status = status, Error = ItemError.Of(code, $"The item has no answer. {Reason}") };
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

/// <summary>What the sender of a batch's items has to keep to at a moment.</summary>
/// <param name="RatePerSecond">How many requests are sent a second at the most; null for no bound.</param>
/// <param name="Stop">Why no item is sent any more; null while they are.</param>
/// <param name="IsPaused">Whether no item is sent for now.</param>
public readonly record struct SendRules(double? RatePerSecond, BatchStop? Stop, bool IsPaused)
{
    /// <summary>Whether no item may be sent.</summary>
    public bool IsHalt => IsPaused || Stop is not null;
}
