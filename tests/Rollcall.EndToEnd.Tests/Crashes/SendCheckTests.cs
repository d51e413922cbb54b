namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>The check of requests lets pass what a retry or a kill explains, and nothing else.</summary>
public sealed class SendCheckTests
{
    readonly PlannedBatch batch = new(CrashPlan.Create(seed: 1, items: 200, []));

    [Fact]
    public void Requests_OfAFaultlessRun_HaveNoFault() => Assert.Empty(batch.FindSendFaults());

    [Fact]
    public void Item_NeverSent_IsFound()
    {
        batch.Requests[42].Clear();
        Assert.Equal(["Item 42 was never sent."], batch.FindSendFaults());
    }

    [Fact]
    public void Item_NeverRespondedToTheEnd_IsFound()
    {
        batch.Requests[batch.Plain.Number][0].HasResponse = false;
        Assert.Equal([$"Item {batch.Plain.Number} was never answered to the end (Response at 0.00 s)."], batch.FindSendFaults());
    }

    [Fact]
    public void Item_SentTwiceWithoutAReason_IsFound()
    {
        Send(0, 100);
        RequireTooMany();
    }

    [Theory]
    [InlineData(50, 60)]
    [InlineData(0, 100)]
    [InlineData(-10, 200)]
    public void Item_SentAgainAfterAKillInFlight_IsExplained(long from, long to)
    {
        Send(0, 100);
        Assert.Empty(batch.FindSendFaults(Kill(CrashVictim.CommandLine, from, to)));
    }

    [Theory]
    [InlineData(-20, -10)]
    [InlineData(101, 110)]
    public void Item_SentAgainWithAKillAtAnotherTime_IsFound(long from, long to)
    {
        Send(0, 100);
        RequireTooMany(Kill(CrashVictim.CommandLine, from, to));
    }

    [Theory]
    [InlineData(CrashVictim.CommandLine)]
    [InlineData(CrashVictim.Worker)]
    public void Item_SentTwoMoreTimesAfterOneKill_IsFound(CrashVictim victim)
    {
        Send(0, 100, 200);
        RequireTooMany(Kill(victim, 50, 60));
        RequireTooMany(Kill(victim, 50, 150));
    }

    [Fact]
    public void Item_SentAgainAfterEachOfTwoKills_IsExplained()
    {
        Send(0, 100, 200);
        Assert.Empty(batch.FindSendFaults(Kill(CrashVictim.Worker, 50, 60), Kill(CrashVictim.Worker, 150, 160)));
    }

    [Fact]
    public void Item_SentAgainTwiceWithBothKillsBefore_IsFound()
    {
        Send(0, 100, 200);
        RequireTooMany(Kill(CrashVictim.Worker, 50, 60), Kill(CrashVictim.Worker, 70, 80));
    }

    [Fact]
    public void Item_SentThreeMoreTimesAfterTheHostWasKilled_IsExplained()
    {
        Send(0, 100, 200, 300);
        Assert.Empty(batch.FindSendFaults(Kill(CrashVictim.Host, 50, 60)));
        Send(0, 100, 200, 300, 400);
        RequireTooMany(Kill(CrashVictim.Host, 50, 60));
    }

    [Fact]
    public void Item_SentForTheFirstTimeAfterTheHostWasKilled_IsSentThreeTimesAtTheMost()
    {
        Send(0, 100);
        RequireTooMany(Kill(CrashVictim.Worker, -60, -50));
        Send(0, 100, 200);
        Assert.Empty(batch.FindSendFaults(Kill(CrashVictim.Host, -60, -50)));
        Send(0, 100, 200, 300);
        RequireTooMany(Kill(CrashVictim.Host, -60, -50));
    }

    [Fact]
    public void Item_ThatFailsForEverSentOnceTooOften_IsFound()
    {
        var endless = batch.Items.First(item => item.IsEndless);
        batch.Requests[endless.Number].Add(new SentRequest(10_000, endless.Acts[^1]));
        Assert.Equal([$"Item {endless.Number} was sent 4 times, where retries and kills explain 3."], batch.FindSendFaults());
        Assert.Empty(batch.FindSendFaults(Kill(CrashVictim.Worker, 500, 600)));
    }

    [Fact]
    public void Items_SentAgainMoreThanWereInFlight_AreFound()
    {
        var plain = batch.Items.Where(item => item.Acts is [TargetAct.Response]).Take(11).ToList();
        plain.ForEach(item => batch.Requests[item.Number].Add(new SentRequest(100, TargetAct.Response)));
        Assert.Equal(
            ["11 requests were sent again because of kills, but 1 kills with 10 items at once explain 10."],
            batch.FindSendFaults(Kill(CrashVictim.Worker, 50, 60)));
    }

    [Fact]
    public void Faults_OfTheTarget_AreKept()
    {
        var check = new SendCheck(batch.Items, [], atOnce: 10);
        Assert.Equal(["A second key."], check.FindFaults(batch.Log with { Faults = ["A second key."] }));
    }

    void Send(params long[] times)
    {
        batch.Requests[batch.Plain.Number].Clear();
        batch.Requests[batch.Plain.Number].AddRange(times.Select(time => new SentRequest(time, TargetAct.Response) { HasResponse = true }));
    }

    void RequireTooMany(params CrashKill[] kills) =>
        Assert.StartsWith($"Item {batch.Plain.Number} was sent ", Assert.Single(batch.FindSendFaults(kills)), StringComparison.Ordinal);

    static CrashKill Kill(CrashVictim victim, long from, long to) => new(victim, from, InFlight: 0) { To = to };
}
