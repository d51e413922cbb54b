using System.Text.Json.Serialization;
using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Progress;

/// <summary>The totals of several outcomes.</summary>
public sealed class BatchTally
{
    /// <summary>The number of outcomes of each kind.</summary>
    [JsonRequired]
    public OutcomeCounts Counts { get; set; } = new();

    /// <summary>The number of body bytes received.</summary>
    public long Bytes { get; set; }

    /// <summary>The number of attempts.</summary>
    public long Attempts { get; set; }

    /// <summary>How many of the items were sent in this run: not kept from an earlier one, and not left unsent.</summary>
    public long Sent { get; set; }

    /// <summary>How long the responses took: the last attempt of each item that was sent.</summary>
    public DurationHistogram Durations { get; set; } = new();

    /// <summary>How many items ended in each of the last seconds.</summary>
    public RecentItems Recent { get; set; } = new();

    /// <summary>Adds an outcome.</summary>
    public void Add(ItemOutcome outcome) =>
        Add(outcome.Status, outcome.HttpStatus, outcome.Error?.Code, outcome.Attempts, outcome.DurationMs, outcome.Body?.Bytes ?? 0);

    /// <summary>Adds outcomes.</summary>
    public void AddAll(IEnumerable<ItemOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            Add(outcome);
        }
    }

    /// <summary>Adds the outcome in a result line.</summary>
    public void Add(ResultLine line) => Add(line.Status, line.HttpStatus, line.ErrorCode, line.Attempts, line.DurationMs, line.Bytes);

    /// <summary>Adds another tally.</summary>
    public void Add(BatchTally other)
    {
        Counts.Add(other.Counts);
        Bytes += other.Bytes;
        Attempts += other.Attempts;
        Sent += other.Sent;
        Durations.Add(other.Durations);
        Recent.Add(other.Recent);
    }

    void Add(OutcomeStatus status, int? httpStatus, ItemErrorCode? code, int attempts, double durationMs, long bytes)
    {
        Counts.Add(status, httpStatus, code);
        Bytes += bytes;
        Attempts += attempts;
        if (attempts > 0)
        {
            Durations.Add(durationMs);
        }
    }
}
