namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>All that happens in a crash run, from a seed: what the target does with each item, and what is killed when.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Items">The items in order.</param>
/// <param name="Kills">The kills in order.</param>
sealed record CrashPlan(int Seed, IReadOnlyList<PlannedItem> Items, IReadOnlyList<PlannedKill> Kills)
{
    static readonly TargetAct[] Counted = [TargetAct.ServerError, TargetAct.CutBody, TargetAct.Reset];
    static readonly TargetAct[] Refused = [TargetAct.TooManyRequests, TargetAct.TooManyRequests, TargetAct.Unavailable];

    /// <summary>Makes a plan.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="items">How many items.</param>
    /// <param name="victims">What is killed while items are sent, in an order that the seed chooses.</param>
    /// <param name="lateVictims">What is killed after every item was sent, while the results are written.</param>
    public static CrashPlan Create(int seed, int items, IReadOnlyList<CrashVictim> victims, params IReadOnlyList<CrashVictim> lateVictims)
    {
        var random = new Random(seed);
        var planned = Enumerable.Range(0, items).Select(number => CreateItem(random, seed, number)).ToList();
        CrashVictim[] order = [.. victims];
        random.Shuffle(order);
        int[] moments = [.. order.Select(_ => random.Next(1, items * 9 / 10)).Order()];
        var kills = moments.Zip(order, (moment, victim) => new PlannedKill(victim, moment, TimeSpan.Zero))
            .Concat(lateVictims.Select(victim => new PlannedKill(victim, int.MaxValue, TimeSpan.FromMilliseconds(random.Next(600)))));
        return new CrashPlan(seed, planned, [.. kills]);
    }

    static PlannedItem CreateItem(Random random, int seed, int number)
    {
        int length = random.Next(100) switch
        {
            < 85 => random.Next(60, 1000),
            < 95 => random.Next(3000, 6000),
            _ => random.Next(64 * 1024, 512 * 1024),
        };
        var last = random.Next(1000) switch
        {
            < 750 => TargetAct.Response,
            < 870 => TargetAct.RespondLate,
            < 970 => TargetAct.RespondInPieces,
            < 985 => TargetAct.NotFound,
            < 990 => TargetAct.ErrorWithStatus200,
            < 995 => TargetAct.ServerError,
            _ => TargetAct.CutBody,
        };
        int failures = PlannedItem.IsPassing(last) || random.Next(10) > 0 ? 0 : random.Next(1, PlannedItem.MaxAttempts);

        // More refusals than attempts that count: they cost no item.
        int refusals = random.Next(20) > 0 ? 0 : random.Next(1, 2 * PlannedItem.MaxAttempts);
        TargetAct[] acts = [.. random.GetItems(Counted, failures), .. random.GetItems(Refused, refusals)];
        random.Shuffle(acts);
        return new PlannedItem(number, seed, [.. acts, last], length, IsBinary: random.Next(4) == 0);
    }
}
