using CsCheck;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class RetryPlanTests
{
    [Theory]
    [InlineData(ItemErrorCode.Connect, null, true)]
    [InlineData(ItemErrorCode.Dns, null, true)]
    [InlineData(ItemErrorCode.NoResponse, null, true)]
    [InlineData(ItemErrorCode.Timeout, null, true)]
    [InlineData(ItemErrorCode.Timeout, 200, true)]
    [InlineData(ItemErrorCode.BodyIncomplete, 200, true)]
    [InlineData(ItemErrorCode.HttpStatus, 408, true)]
    [InlineData(ItemErrorCode.HttpStatus, 425, true)]
    [InlineData(ItemErrorCode.HttpStatus, 429, true)]
    [InlineData(ItemErrorCode.HttpStatus, 500, true)]
    [InlineData(ItemErrorCode.HttpStatus, 502, true)]
    [InlineData(ItemErrorCode.HttpStatus, 503, true)]
    [InlineData(ItemErrorCode.HttpStatus, 504, true)]
    [InlineData(ItemErrorCode.HttpStatus, 520, true)]
    [InlineData(ItemErrorCode.HttpStatus, 522, true)]
    [InlineData(ItemErrorCode.HttpStatus, 524, true)]
    [InlineData(ItemErrorCode.HttpStatus, 529, true)]
    [InlineData(ItemErrorCode.HttpStatus, 519, false)]
    [InlineData(ItemErrorCode.HttpStatus, 525, false)]
    [InlineData(ItemErrorCode.HttpStatus, 400, false)]
    [InlineData(ItemErrorCode.HttpStatus, 401, false)]
    [InlineData(ItemErrorCode.HttpStatus, 403, false)]
    [InlineData(ItemErrorCode.HttpStatus, 404, false)]
    [InlineData(ItemErrorCode.HttpStatus, 409, false)]
    [InlineData(ItemErrorCode.HttpStatus, 413, false)]
    [InlineData(ItemErrorCode.HttpStatus, 422, false)]
    [InlineData(ItemErrorCode.HttpStatus, 501, false)]
    [InlineData(ItemErrorCode.HttpStatus, 505, false)]
    [InlineData(ItemErrorCode.Tls, null, false)]
    [InlineData(ItemErrorCode.Decode, 200, false)]
    [InlineData(ItemErrorCode.BodyTooLarge, 200, false)]
    [InlineData(ItemErrorCode.BodyTooLarge, 503, false)]
    [InlineData(ItemErrorCode.Redirect, 302, false)]
    [InlineData(ItemErrorCode.TargetRefused, null, false)]
    [InlineData(ItemErrorCode.Platform, null, false)]
    public void Failure_OfEachKind_IsTriedAgainOnlyIfItMayPass(ItemErrorCode code, int? httpStatus, bool isTriedAgain)
    {
        Assert.Equal(isTriedAgain, RetryPlan.IsPassing(TestOutcome.Failed(0, code, httpStatus), new RetryOptions()));
    }

    [Fact]
    public void Success_IsNotTriedAgain()
    {
        Assert.False(RetryPlan.IsPassing(TestOutcome.Succeeded(0), new RetryOptions()));
    }

    [Theory]
    [InlineData(ItemErrorCode.Timeout, false)]
    [InlineData(ItemErrorCode.Connect, true)]
    [InlineData(ItemErrorCode.BodyIncomplete, true)]
    public void Failure_WhereTimeoutsAreNotRetried_IsTriedAgainIfItIsAnother(ItemErrorCode code, bool isTriedAgain)
    {
        Assert.Equal(
            isTriedAgain,
            RetryPlan.IsPassing(TestOutcome.Failed(0, code, httpStatus: null), new RetryOptions { OnTimeout = false }));
    }

    [Fact]
    public void Waits_AtTheTopOfTheJitter_DoubleUpToTheLongest()
    {
        var options = new RetryOptions { FirstDelaySeconds = 1, MaxDelaySeconds = 10 };
        Assert.Equal(
            [1, 2, 4, 8, 10, 10],
            Enumerable.Range(1, 6).Select(made => RetryPlan.WaitAfter(options, made, asked: null, random: 1).TotalSeconds));
    }

    [Fact]
    public void Wait_ThatTheTargetAsksFor_IsTheLeastAndHasUpToHalfOfItOnTop()
    {
        var options = new RetryOptions { FirstDelaySeconds = 4, MaxDelaySeconds = 60 };
        Assert.Equal(32, RetryPlan.WaitAfter(options, 1, TimeSpan.FromSeconds(30), random: 0.5).TotalSeconds);
        Assert.Equal(30, RetryPlan.WaitAfter(options, 1, TimeSpan.FromSeconds(30), random: 0).TotalSeconds);
        Assert.Equal(1.25, RetryPlan.WaitAfter(options, 1, TimeSpan.FromSeconds(1), random: 0.5).TotalSeconds);
        Assert.Equal(0, RetryPlan.WaitAfter(options, 1, TimeSpan.Zero, random: 0.5).TotalSeconds);
    }

    [Fact]
    public void Refusals_AreWaitedOutWithoutCounting_UntilThePatienceEnds()
    {
        var log = new AttemptLog([Refused(0), .. Enumerable.Range(1, 30).Select(Refused)]);
        Assert.Equal(60, FindWait(log, after: 31, random: 1)!.Value.TotalSeconds);

        // The last wait ends with the patience, not after it.
        Assert.Equal(5, FindWait(log, after: 3595, random: 1)!.Value.TotalSeconds);
        Assert.Null(FindWait(log, after: 3600, random: 1));
    }

    [Fact]
    public void Refusal_ThatAsksForNoWait_IsNotRepeatedAtOnce()
    {
        Assert.Equal(0.1, FindWait(new AttemptLog([Refused(0)]), after: 1, random: 0, TimeSpan.Zero)!.Value.TotalSeconds);
    }

    [Fact]
    public void Failures_BetweenRefusals_AreCounted()
    {
        Attempt failed = new(Start, 1, 500, ItemErrorCode.HttpStatus);
        Assert.NotNull(FindWait(new AttemptLog([Refused(0), failed, failed, Refused(1), failed]), after: 2, random: 1));
        Assert.Null(FindWait(new AttemptLog([Refused(0), failed, failed, Refused(1), failed, failed]), after: 2, random: 1));

        // After the last attempt that counts, refusals still wait.
        Assert.NotNull(FindWait(new AttemptLog([failed, failed, failed, Refused(1)]), after: 2, random: 1));
    }

    [Theory]
    [InlineData(ItemErrorCode.Connect)]
    [InlineData(ItemErrorCode.Dns)]
    public void Attempts_ThatFindNobody_AreRepeatedWithoutALongerBackoff(ItemErrorCode code)
    {
        Attempt unanswered = new(Start, 1, HttpStatus: null, code);
        Assert.Equal(
            1, FindWait(new AttemptLog([.. Enumerable.Repeat(unanswered, 12)]), after: 20, random: 1)!.Value.TotalSeconds);
    }

    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static Attempt Refused(int after) => new(Start.AddSeconds(after), 1, 429, ItemErrorCode.HttpStatus);

    static TimeSpan? FindWait(AttemptLog log, int after, double random, TimeSpan? asked = null) =>
        RetryPlan.FindWait(new RetryOptions(), log, TimeSpan.FromHours(1), asked, Start.AddSeconds(after), random);

    [Fact]
    public void Wait_ThatTheTargetAsksForButIsTooLong_IsCut()
    {
        var options = new RetryOptions { FirstDelaySeconds = 0 };
        Assert.Equal(RetryPlan.LongestAskedWait, RetryPlan.WaitAfter(options, 1, TimeSpan.FromDays(2), random: 0.5));
    }

    [Fact]
    public void Waits_OfAnyOptions_AreWithinTheirLimits()
    {
        Gen.Select(
            Gen.Int[1, 100],
            Gen.Double[0, 3600],
            Gen.Double[0, 3600],
            Gen.Double[0, 0.999_999]).Sample((made, first, longest, random) =>
        {
            var options = new RetryOptions { FirstDelaySeconds = first, MaxDelaySeconds = longest };
            double wait = RetryPlan.WaitAfter(options, made, asked: null, random).TotalSeconds;
            return wait >= 0 && wait <= longest + 1e-6 && (made > 1 || wait <= first + 1e-6);
        });
    }
}
