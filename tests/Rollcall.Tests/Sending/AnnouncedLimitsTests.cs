using Rollcall.Sending;

namespace Rollcall.Tests.Sending;

public sealed class AnnouncedLimitsTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Start = TimeSpan.FromSeconds(100);

    readonly AnnouncedLimits limits = new();

    [Fact]
    public void Tokens_CostWhatEarlierRequestsCost()
    {
        // Each request costs 300 tokens, so 700 are enough for two.
        limits.Record([new AnnouncedLimit("x-ratelimit-remaining-tokens", 1000, TimeSpan.FromSeconds(60))], Start);
        limits.Record([new AnnouncedLimit("x-ratelimit-remaining-tokens", 700, TimeSpan.FromSeconds(60))], Start);
        Assert.Equal(TimeSpan.Zero, limits.WaitFor(0, Start));
        Assert.Equal(TimeSpan.Zero, limits.WaitFor(1, Start));
        Assert.Null(limits.WaitFor(2, Start));

        // Less than one request costs: nothing until the reset.
        limits.Record([new AnnouncedLimit("x-ratelimit-remaining-tokens", 100, TimeSpan.FromSeconds(60))], Start);
        Assert.Equal(TimeSpan.FromSeconds(60), limits.WaitFor(0, Start));
    }

    [Fact]
    public void Limit_ThatIsReset_IsThatOfBefore()
    {
        limits.Record([new AnnouncedLimit("requests", 9, TimeSpan.FromSeconds(2))], Start);
        limits.Record([new AnnouncedLimit("requests", 0, TimeSpan.FromSeconds(1))], Start + TimeSpan.FromSeconds(1));
        var after = Start + TimeSpan.FromSeconds(2);
        Assert.Equal(TimeSpan.Zero, limits.WaitFor(9, after));
        Assert.Null(limits.WaitFor(10, after));
    }

    [Fact]
    public void Limits_OfWhichSeveralAreUsedUp_AreWaitedForUntilTheLastIsReset()
    {
        limits.Record(
            [new AnnouncedLimit("minute", 0, TimeSpan.FromSeconds(30)), new AnnouncedLimit("day", 0, TimeSpan.FromDays(1))], Start);
        Assert.Equal(RetryPlan.LongestAskedWait, limits.WaitFor(0, Start));
    }

    [Fact]
    public void Limits_OfNamesWithoutEnd_AreNotAllKept()
    {
        for (int name = 0; name < 1000; name++)
        {
            limits.Record([new AnnouncedLimit($"limit-{name}", name < 16 ? 5 : 0, TimeSpan.FromHours(1))], Start);
        }

        Assert.Equal(TimeSpan.Zero, limits.WaitFor(0, Start));
    }

    [Fact]
    public void Headers_OfALimit_AreReadTogether()
    {
        Assert.Equal(
            [
                new AnnouncedLimit("x-ratelimit-remaining-requests", 59, TimeSpan.FromSeconds(1.5)),
                new AnnouncedLimit("x-ratelimit-remaining-tokens", 149984, TimeSpan.FromMinutes(6)),
            ],
            Read(
                ("x-ratelimit-limit-requests", "60"),
                ("x-ratelimit-remaining-requests", "59"),
                ("x-ratelimit-reset-requests", "1.5s"),
                ("x-ratelimit-remaining-tokens", "149984"),
                ("x-ratelimit-reset-tokens", "6m0s")));
        Assert.Equal(
            [new AnnouncedLimit("burst", 5, TimeSpan.FromSeconds(1)), new AnnouncedLimit("daily", 0, TimeSpan.FromSeconds(4))],
            Read(("RateLimit", "\"burst\";r=5;t=1, \"daily\";r=0;t=4")));
        Assert.Equal([new AnnouncedLimit("X-RateLimit-remaining", 7, TimeSpan.FromSeconds(30))], Read(
            ("X-RateLimit-Remaining", "7"),
            ("X-RateLimit-Reset", (Now.ToUnixTimeSeconds() + 30).ToString(System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("X-RateLimit-Remaining", "0")]
    [InlineData("X-RateLimit-Reset", "30")]
    [InlineData("RateLimit", "\"daily\";r=0")]
    [InlineData("RateLimit", "\"daily\";r=NaN;t=4")]
    [InlineData("Content-Limit", "9")]
    public void Headers_ThatDoNotSayBothWhatIsLeftAndUntilWhen_AreNoLimit(string name, string value)
    {
        Assert.Empty(Read((name, value)));
    }

    static IReadOnlyList<AnnouncedLimit> Read(params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return LimitResets.FindLimits(response.Headers, Now);
    }
}
