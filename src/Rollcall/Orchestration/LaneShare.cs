namespace Rollcall.Orchestration;

/// <summary>How a batch's item lanes are shared out to the shards that are live.</summary>
static class LaneShare
{
    /// <summary>Shares lanes out, as evenly as they go.</summary>
    /// <param name="lanes">How many there are.</param>
    /// <param name="shares">Over how many shards. Where there are more of these, the last ones get none.</param>
    /// <returns>How many each has: together they are the whole.</returns>
    public static int[] Split(int lanes, int shares) => [.. Enumerable.Range(0, shares).Select(i => (lanes / shares) + (i < lanes % shares ? 1 : 0))];
}
