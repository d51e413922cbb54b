namespace Rollcall.Orchestration;

/// <summary>The item lanes that one of several shards has.</summary>
/// <param name="First">The first of them, among those of the batch.</param>
/// <param name="Count">How many.</param>
public readonly record struct LaneShare(int First, int Count)
{
    /// <summary>Shares lanes out, as evenly as they go.</summary>
    /// <param name="lanes">How many there are.</param>
    /// <param name="shares">Over how many shards. Where there are more of these, the last ones get none.</param>
    /// <returns>The shares, which together are the whole.</returns>
    public static LaneShare[] Split(int lanes, int shares) =>
        [.. Enumerable.Range(0, shares).Select(i => new LaneShare((i * (lanes / shares)) + Math.Min(i, lanes % shares), (lanes / shares) + (i < lanes % shares ? 1 : 0)))];
}
