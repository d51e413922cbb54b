using System.Globalization;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Batches;

/// <summary>The number of outcomes of each kind.</summary>
public sealed class OutcomeCounts
{
    /// <summary>Items that succeeded.</summary>
    public long Succeeded { get; set; }

    /// <summary>Items that failed.</summary>
    public long Failed { get; set; }

    /// <summary>Items that were cancelled.</summary>
    public long Cancelled { get; set; }

    /// <summary>Items that expired.</summary>
    public long Expired { get; set; }

    /// <summary>Failures by error code, such as <c>timeout</c>.</summary>
    public SortedDictionary<string, long> ByErrorCode { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Responses by HTTP status, such as <c>200</c>.</summary>
    public SortedDictionary<string, long> ByHttpStatus { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The number of outcomes of all kinds.</summary>
    public long Total() => Succeeded + Failed + Cancelled + Expired;

    /// <summary>The number of items that were sent and have a final result: succeeded or failed, not cancelled or expired.</summary>
    public long Sent() => Succeeded + Failed;

    /// <summary>Counts one outcome.</summary>
    /// <param name="httpStatus">The status of the response, if there was one.</param>
    /// <param name="code">The error code, if the item failed.</param>
    public void Add(OutcomeStatus status, int? httpStatus, ItemErrorCode? code)
    {
        switch (status)
        {
            case OutcomeStatus.Succeeded: Succeeded++; break;
            case OutcomeStatus.Failed: Failed++; break;
            case OutcomeStatus.Cancelled: Cancelled++; break;
            case OutcomeStatus.Expired: Expired++; break;
            default: throw new ArgumentOutOfRangeException(nameof(status), status, "The outcome's status is not one that is counted.");
        }

        if (httpStatus is { } number)
        {
            Increase(ByHttpStatus, number.ToString(CultureInfo.InvariantCulture), 1);
        }

        if (code is { } known)
        {
            Increase(ByErrorCode, KebabCase.Of(known), 1);
        }
    }

    /// <summary>Adds other counts to these.</summary>
    public void Add(OutcomeCounts other)
    {
        Succeeded += other.Succeeded;
        Failed += other.Failed;
        Cancelled += other.Cancelled;
        Expired += other.Expired;
        foreach (var (key, count) in other.ByErrorCode)
        {
            Increase(ByErrorCode, key, count);
        }

        foreach (var (key, count) in other.ByHttpStatus)
        {
            Increase(ByHttpStatus, key, count);
        }
    }

    static void Increase(SortedDictionary<string, long> counts, string key, long by) =>
        counts[key] = counts.TryGetValue(key, out long count) ? count + by : by;
}
