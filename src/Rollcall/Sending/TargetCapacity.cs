namespace Rollcall.Sending;

/// <summary>
/// How many requests at once a target takes, as its refusals show it. There is no limit until most requests are refused. The limit is then
/// what the target has taken: the requests that are still in flight when the refusals are back, or the requests per second that it accepted
/// times the time that each took (J. Little, "A Proof for the Queuing Formula L = λW", 1961), so that it fits targets that limit the
/// requests at once and targets that limit the rate. A limit below 1 is one request and a pause. From then on the share of refused requests
/// is looked at in rounds: above a tenth the limit is set again, at nothing it grows, and in between it stays.
/// </summary>
/// <remarks>It is not thread-safe. Times are on the steady clock.</remarks>
sealed class TargetCapacity
{
    const double Tolerated = 0.1;
    const int FewestOfARound = 10;
    const double MeanWeight = 0.1;
    const double Least = 0.02;
    const int MostRoundsToGrow = 16;
    const int UselessCuts = 4;
    const double Fallen = 0.9;

    // At exactly the rate of a target whose allowance is used up, each request may come a moment too early.
    const double Headroom = 0.9;

    // Above the highest possible concurrency of a batch there is no use for a limit.
    const double Most = 10_000;

    static readonly TimeSpan ShortestRound = TimeSpan.FromSeconds(1);

    // A target that takes this little is asked again so often at least.
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    static readonly TimeSpan FreeTime = TimeSpan.FromMinutes(5);

    double meanSeconds;
    long second;
    int acceptedInSecond;
    int acceptedBefore;
    TimeSpan roundSince;
    int accepted;
    int refused;
    int cleanRounds;
    int roundsToGrow = 1;
    int uselessCuts;
    double lastGoodput = double.PositiveInfinity;
    double full = double.PositiveInfinity;
    TimeSpan freeUntil;

    /// <summary>The maximum number of requests at once, above 0; infinite as long as most requests are taken.</summary>
    public double Limit { get; private set; } = double.PositiveInfinity;

    /// <summary>How often there was a reason to lower the limit. What was sent before the last time says nothing about the limit.</summary>
    public int Generation { get; private set; }

    /// <summary>The mean time of an accepted request, in seconds; 0 if there was none.</summary>
    public double MeanSeconds => meanSeconds;

    /// <summary>Whether one more request may be in flight.</summary>
    /// <param name="hasOneMore">Whether the fraction of the limit counts as one now: of a limit of 2.4, in four cases out of ten.</param>
    public bool HasRoom(int inFlight, bool hasOneMore)
    {
        double whole = Math.Max(1, Math.Floor(Limit));
        return inFlight < Math.Min(full, hasOneMore ? whole + 1 : whole);
    }

    /// <summary>The pause after a request, before the next one; zero unless the limit is below 1.</summary>
    public TimeSpan PauseAfter(TimeSpan took)
    {
        if (Limit >= 1)
        {
            return TimeSpan.Zero;
        }

        double pause = Math.Max(meanSeconds, took.TotalSeconds) * ((1 / Limit) - 1);
        return pause < LongestPause.TotalSeconds ? TimeSpan.FromSeconds(pause) : LongestPause;
    }

    /// <summary>Records an accepted request.</summary>
    public void Accept(int generation, TimeSpan took, int inFlight, TimeSpan now)
    {
        meanSeconds = meanSeconds == 0 ? took.TotalSeconds : meanSeconds + (MeanWeight * (took.TotalSeconds - meanSeconds));
        Turn(now);
        acceptedInSecond++;
        full = double.PositiveInfinity;
        if (generation == Generation)
        {
            accepted++;
            EndRound(inFlight, now);
        }
    }

    /// <summary>Records a refused request.</summary>
    /// <param name="areMost">Whether most of the last ones were refused.</param>
    public void Refuse(int generation, bool areMost, int inFlight, TimeSpan now)
    {
        Turn(now);
        bool isLimited = !double.IsPositiveInfinity(Limit);
        if (isLimited && generation == Generation)
        {
            // Until it takes one again, it does not take more than it has.
            full = Math.Max(1, inFlight);
            refused++;
            EndRound(inFlight, now);
        }
        else if (isLimited)
        {
            // It was sent before the limit was lowered, so it only shows that the target has not taken it too.
            Limit = Math.Min(Limit, Math.Max(inFlight, Estimate(PerSecond)));
        }
        else if (areMost && generation == Generation && now >= freeUntil)
        {
            Lower(Math.Max(inFlight, Estimate(PerSecond)), now);
        }
    }

    /// <summary>Halves what is in flight, once for all the requests that were in flight together.</summary>
    public void Halve(int generation, int inFlight, TimeSpan now)
    {
        if (generation == Generation)
        {
            Lower(Math.Max(1, Math.Floor(Math.Min(Limit, inFlight) / 2)), now);
        }
    }

    int PerSecond => Math.Max(acceptedInSecond, acceptedBefore);

    double Estimate(double perSecond) => perSecond > 0 ? Math.Max(Least, perSecond * meanSeconds) : 1;

    void Lower(double limit, TimeSpan now)
    {
        Limit = limit;
        Generation++;
        StartRound(now);
        (cleanRounds, roundsToGrow, uselessCuts, lastGoodput) = (0, 1, 0, double.PositiveInfinity);
    }

    void StartRound(TimeSpan now) => (roundSince, accepted, refused) = (now, 0, 0);

    void EndRound(int inFlight, TimeSpan now)
    {
        var took = now - roundSince;
        if (double.IsPositiveInfinity(Limit) || took < ShortestRound || accepted + refused < FewestOfARound)
        {
            return;
        }

        double share = (double)refused / (accepted + refused);
        double goodput = accepted / took.TotalSeconds;
        StartRound(now);
        if (share > Tolerated)
        {
            Cut(share, goodput, inFlight, now);
            return;
        }

        (uselessCuts, lastGoodput) = (0, double.PositiveInfinity);
        cleanRounds = share == 0 ? cleanRounds + 1 : 0;
        if (cleanRounds >= roundsToGrow)
        {
            Grow();
        }
    }

    // Slowly at first, because most limits are found again soon, then up to twice as many.
    void Grow()
    {
        double factor = Math.Min(2, 1 + (Tolerated * Math.Pow(2, cleanRounds - roundsToGrow)));
        Limit *= factor;
        if (factor == 2)
        {
            roundsToGrow = 1;
        }

        if (Limit > Most)
        {
            Limit = double.PositiveInfinity;
        }
    }

    void Cut(double share, double goodput, int inFlight, TimeSpan now)
    {
        // The more often the same limit is found, the longer it is left alone.
        roundsToGrow = cleanRounds >= roundsToGrow ? Math.Min(MostRoundsToGrow, 2 * roundsToGrow) : roundsToGrow;
        cleanRounds = 0;
        Generation++;
        full = double.PositiveInfinity;

        // If it takes fewer because it gets fewer, and goes on refusing, the number of requests is not the reason.
        uselessCuts = share < 1 && goodput < Fallen * lastGoodput ? uselessCuts + 1 : 0;
        lastGoodput = goodput;
        if (uselessCuts >= UselessCuts)
        {
            (Limit, freeUntil) = (double.PositiveInfinity, now + FreeTime);
            return;
        }

        Limit = Math.Max(inFlight, goodput > 0 ? Headroom * Estimate(goodput) : Math.Max(Least, Limit / 2));
    }

    void Turn(TimeSpan now)
    {
        long current = (long)now.TotalSeconds;
        if (current != second)
        {
            acceptedBefore = current == second + 1 ? acceptedInSecond : 0;
            (second, acceptedInSecond) = (current, 0);
        }
    }
}
