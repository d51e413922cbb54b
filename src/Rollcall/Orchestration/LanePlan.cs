namespace Rollcall.Orchestration;

/// <summary>The event that gives a shard that runs other lanes than it began with.</summary>
/// <param name="Lanes">How many it has.</param>
/// <param name="Number">
/// Which plan of the batch's generation it is, from 0: events may come in another order than they were made in, and twice.
/// </param>
/// <param name="IsStopped">Whether no item is sent any more, so that none need wait to be sent again.</param>
/// <param name="FailuresLeft">How many of the shard's items may fail before the batch ends; null for no limit.</param>
/// <param name="RatePerSecond">The batch's rate, by which items wait for their turns; null for none.</param>
public sealed record LanePlan(int Lanes, int Number = 0, bool IsStopped = false, long? FailuresLeft = null, double? RatePerSecond = null)
{
    /// <summary>The event's name.</summary>
    public const string EventName = "lanes";
}
