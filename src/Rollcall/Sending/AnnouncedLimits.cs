namespace Rollcall.Sending;

/// <summary>
/// What is left of the limits that a target tells in the headers of its responses, so that it gets no more requests than it will take. How
/// many tokens a request costs is learned from how many fewer are left after it; of every other limit it costs one.
/// </summary>
/// <remarks>It is not thread-safe. Times are on the steady clock.</remarks>
sealed class AnnouncedLimits
{
    const double CostWeight = 0.2;

    // What a target invents must not fill the memory.
    const int Kept = 16;

    readonly Dictionary<string, Known> limits = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether any are known.</summary>
    public bool AreKnown => limits.Count > 0;

    /// <summary>Records what a response says.</summary>
    public void Record(IReadOnlyList<AnnouncedLimit> announced, TimeSpan now)
    {
        foreach (var limit in announced)
        {
            if (limits.TryGetValue(limit.Name, out var known))
            {
                known.LearnCost(known.Remaining - limit.Remaining);
            }
            else if (limits.Count < Kept)
            {
                limits.Add(limit.Name, known = new Known(limit.Name.Contains("token", StringComparison.OrdinalIgnoreCase)));
            }
            else
            {
                continue;
            }

            known.Remaining = limit.Remaining;
            known.Most = Math.Max(known.Most, limit.Remaining + known.Cost);
            known.ResetAt = now + (limit.Reset < RetryPlan.LongestAskedWait ? limit.Reset : RetryPlan.LongestAskedWait);
        }
    }

    /// <summary>How long the target takes no further request.</summary>
    /// <param name="inFlight">The requests in flight, which may not be counted yet in what it said last.</param>
    /// <returns>The wait; zero for none; null until one of those in flight is back.</returns>
    public TimeSpan? WaitFor(int inFlight, TimeSpan now)
    {
        var wait = TimeSpan.Zero;
        bool isInFlight = false;
        foreach (var limit in limits.Values)
        {
            if (limit.ResetAt <= now)
            {
                limit.Remaining = limit.Most;
            }

            if (limit.Remaining < limit.Cost)
            {
                wait = limit.ResetAt - now > wait ? limit.ResetAt - now : wait;
            }
            else if (limit.Remaining < (inFlight + 1) * limit.Cost)
            {
                isInFlight |= inFlight > 0;
            }
        }

        return wait == TimeSpan.Zero && isInFlight ? null : wait;
    }

    sealed class Known(bool isOfTokens)
    {
        bool isCostKnown;

        public double Remaining { get; set; }

        public double Most { get; set; }

        public double Cost { get; private set; } = 1;

        public TimeSpan ResetAt { get; set; }

        public void LearnCost(double used)
        {
            if (isOfTokens && used > 0)
            {
                Cost = isCostKnown ? Cost + (CostWeight * (used - Cost)) : used;
                isCostKnown = true;
            }
        }
    }
}
