namespace Rollcall.EndToEnd.Tests.Crashes;

public sealed class CrashPlanTests
{
    static readonly CrashVictim[] Victims = [CrashVictim.Worker, CrashVictim.Host, CrashVictim.Storage];

    [Fact]
    public void Plan_OfTheSameSeed_IsTheSame()
    {
        var (one, two) = (CrashPlan.Create(7, 500, Victims, CrashVictim.Worker), CrashPlan.Create(7, 500, Victims, CrashVictim.Worker));
        Assert.Equal(one.Kills, two.Kills);
        Assert.Equal(one.Items.Select(Describe), two.Items.Select(Describe));
        Assert.NotEqual(one.Items.Select(Describe), CrashPlan.Create(8, 500, Victims).Items.Select(Describe));
    }

    [Fact]
    public void Plan_OfManyItems_HasEveryAct()
    {
        var acts = CrashPlan.Create(7, 5000, []).Items.SelectMany(item => item.Acts).ToHashSet();
        Assert.Equal(Enum.GetValues<TargetAct>().ToHashSet(), acts);
    }

    [Fact]
    public void Items_OfAnySeed_AreSentAgainUntilTheirLastAct()
    {
        foreach (var item in Enumerable.Range(0, 20).SelectMany(seed => CrashPlan.Create(seed, 500, []).Items))
        {
            Assert.InRange(item.Acts.Count, 1, item.MostRequests);
            Assert.All(item.Acts.SkipLast(1), act => Assert.True(PlannedItem.IsPassing(act)));
            Assert.True(item.Acts.All(act => act is TargetAct.TooManyRequests or TargetAct.Unavailable || act == item.Acts[^1])
                || !item.IsEndless);
            Assert.DoesNotContain(item.Acts[^1], new[] { TargetAct.Reset, TargetAct.TooManyRequests, TargetAct.Unavailable });
        }
    }

    [Fact]
    public void Kills_OfAPlan_AreOfEveryVictimInTheOrderOfTheirMoments()
    {
        var plan = CrashPlan.Create(7, 500, Victims, CrashVictim.CommandLine);
        Assert.Equal(Victims.Order(), plan.Kills.SkipLast(1).Select(kill => kill.Victim).Order());
        Assert.Equal(plan.Kills.Select(kill => kill.AfterRequests).Order(), plan.Kills.Select(kill => kill.AfterRequests));
        Assert.All(plan.Kills.SkipLast(1), kill => Assert.InRange(kill.AfterRequests, 1, 450));
        Assert.Equal((CrashVictim.CommandLine, int.MaxValue), (plan.Kills[^1].Victim, plan.Kills[^1].AfterRequests));
    }

    static string Describe(PlannedItem item) => $"{item.Payload} {string.Join(' ', item.Acts)} {item.ResponseBytes} {item.IsBinary}";
}
