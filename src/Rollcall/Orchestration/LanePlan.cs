namespace Rollcall.Orchestration;

/// <summary>The event that changes the lanes of a running shard.</summary>
/// <param name="Lanes">The number of lanes.</param>
/// <param name="Number">
/// The number of the plan in the batch's generation, from 0: events may arrive out of order, and twice.
/// </param>
/// <param name="IsStopped">Whether no more items are sent, so that none need to wait to be sent again.</param>
/// <param name="FailuresLeft">How many of the shard's items may fail before the batch ends; null for no limit.</param>
/// <param name="RatePerSecond">The batch's rate, which determines how long items wait for their turns; null for none.</param>
public sealed record LanePlan(int Lanes, int Number = 0, bool IsStopped = false, long? FailuresLeft = null, double? RatePerSecond = null)
{
    /// <summary>The event's name.</summary>
    public const string EventName = "lanes";
}
