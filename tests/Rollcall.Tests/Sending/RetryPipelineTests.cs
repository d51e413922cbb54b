using CsCheck;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class RetryPipelineTests
{
    // Timers have whole milliseconds, and are rounded up so as not to be early.
    const double TimerStep = 0.001;

    [Theory]
    [InlineData(ItemErrorCode.Connect, null, true)]
    [InlineData(ItemErrorCode.Dns, null, true)]
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
    public async Task Failure_OfEachKind_IsTriedAgainOnlyIfItMayPass(ItemErrorCode code, int? httpStatus, bool isTriedAgain)
    {
        var (attempts, _) = await RunAsync(new RetryOptions { MaxAttempts = 3 }, random: 0.5, TestOutcome.Failed(0, code, httpStatus));
        Assert.Equal(isTriedAgain ? 3 : 1, attempts);
    }

    [Fact]
    public async Task Success_AtOnce_IsOneAttemptWithoutAWait()
    {
        var (attempts, waits) = await RunAsync(new RetryOptions { MaxAttempts = 3 }, random: 0.5, TestOutcome.Succeeded(0));
        Assert.Equal(1, attempts);
        Assert.Empty(waits);
    }

    [Fact]
    public async Task Waits_AtTheTopOfTheJitter_DoubleUpToTheLongest()
    {
        var options = new RetryOptions { MaxAttempts = 7, FirstDelaySeconds = 1, MaxDelaySeconds = 10 };
        var (_, waits) = await RunAsync(options, random: 1, TestOutcome.Failed(0, ItemErrorCode.Connect));
        Assert.Equal([1, 2, 4, 8, 10, 10], waits.Select(w => w.TotalSeconds));
    }

    [Fact]
    public async Task Waits_InTheMiddleOfTheJitter_AreHalfTheBound()
    {
        var options = new RetryOptions { MaxAttempts = 5, FirstDelaySeconds = 1, MaxDelaySeconds = 6 };
        var (_, waits) = await RunAsync(options, random: 0.5, TestOutcome.Failed(0, ItemErrorCode.Connect));
        Assert.Equal([0.5, 1, 2, 3], waits.Select(w => w.TotalSeconds));
    }

    [Fact]
    public async Task Waits_OfAnyOptions_AreWithinTheirBounds()
    {
        await Gen.Select(Gen.Int[1, 100], Gen.Double[0, 3600], Gen.Double[0, 3600], Gen.Double[0, 0.999_999]).SampleAsync(
            async (maxAttempts, first, longest, random) =>
            {
                var options = new RetryOptions { MaxAttempts = maxAttempts, FirstDelaySeconds = first, MaxDelaySeconds = longest };
                var (attempts, waits) = await RunAsync(options, random, TestOutcome.Failed(0, ItemErrorCode.Connect));
                Assert.Equal(maxAttempts, attempts);
                Assert.All(waits, wait => Assert.InRange(wait.TotalSeconds, 0, longest + TimerStep));
                Assert.True(waits.Count == 0 || waits[0].TotalSeconds <= first + TimerStep, $"The first wait is longer than its bound, {first} s.");
            },
            iter: 50,
            threads: 1);
    }

    static async Task<(int Attempts, IReadOnlyList<TimeSpan> Waits)> RunAsync(RetryOptions options, double random, ItemOutcome outcome)
    {
        var time = new JumpingTime();
        int attempts = 0;
        await RetryPipeline.Create(options, time, () => random).ExecuteAsync(_ =>
        {
            attempts++;
            return ValueTask.FromResult(outcome);
        });
        return (attempts, time.Waits);
    }
}
