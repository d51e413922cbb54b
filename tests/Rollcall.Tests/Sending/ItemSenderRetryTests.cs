using Microsoft.Extensions.Time.Testing;
using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderRetryTests
{
    [Fact]
    public async Task Item_WhoseThirdAttemptSucceeds_HasThatResponse()
    {
        await using var target = Target.StartSequence(Responses.With(503, "busy"), Faults.CloseWithoutResponse, Responses.Echo);
        using var sender = new TestSender { MaxAttempts = 2, MaxWaitSeconds = 60 };
        var outcome = await sender.SendAsync(target.Url, """{"n":1}""");
        TestSender.AssertSucceeded(outcome);
        Assert.Equal((3, 200, """{"n":1}"""), (outcome.Attempts, outcome.HttpStatus, outcome.Body?.Text));
        Assert.Equal(3, target.Requests.Count);
    }

    [Fact]
    public async Task Attempts_OfOneItem_HaveTheSameKeyAndPayload()
    {
        await using var target = Target.Start(Responses.With(500, ""));
        using var sender = new TestSender { MaxAttempts = 3 };
        await sender.SendAsync(target.Url, """{"n":1}""", index: 42);
        Assert.Equal(["batch-1-42", "batch-1-42", "batch-1-42"], target.Requests.Select(r => r.Headers["Idempotency-Key"]));
        Assert.All(target.Requests, r => Assert.Equal("""{"n":1}"""u8.ToArray(), r.Body.ToArray()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Item_ThatNeverSucceeds_IsSentAsOftenAsAllowed(int maxAttempts)
    {
        await using var target = Target.Start(Responses.With(500, "broken"));
        using var sender = new TestSender { MaxAttempts = maxAttempts };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.HttpStatus, outcome);
        Assert.Equal((maxAttempts, 500, "broken"), (outcome.Attempts, outcome.HttpStatus, outcome.Body?.Text));
        Assert.Equal(maxAttempts, target.Requests.Count);
    }

    [Fact]
    public async Task Body_CutInTheFirstAttempt_IsWholeInTheSecond()
    {
        byte[] body = TestBytes.Text(100_000);
        await using var target = Target.StartSequence(Faults.BreakOff(body.AsMemory(0, 60_000), body.Length), Responses.With(200, body));
        using var sender = new TestSender { MaxAttempts = 2 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        Assert.Equal(2, outcome.Attempts);
        await sender.AssertBodyAsync(body, outcome);
    }

    [Fact]
    public async Task Attempts_OfAnItem_AreAllInItsOutcome()
    {
        await using var target = Target.StartSequence(Responses.With(503, "busy"), Faults.CloseWithoutResponse, Responses.Echo);
        using var sender = new TestSender { MaxAttempts = 2, MaxWaitSeconds = 60 };
        var history = (await sender.SendAsync(target.Url)).AttemptHistory!;
        Assert.Equal(
            [(503, ItemErrorCode.HttpStatus), (null, ItemErrorCode.NoResponse), (200, null)],
            history.Select(a => (a.HttpStatus, a.Error)));
        Assert.Equal(history.Select(a => a.At), history.Select(a => a.At).Order());
        Assert.All(history, a => Assert.InRange(a.DurationMs, 0, 60_000));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task Timeout_IsTriedAgainIfTheBatchSaysSo(bool isRetried, int attempts)
    {
        await using var target = Target.Start(Faults.NeverRespond);
        using var sender = new TestSender { MaxAttempts = 2, TimeoutSeconds = 0.2, RetryOnTimeout = isRetried };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Timeout, outcome);
        Assert.Equal(attempts, outcome.Attempts);
    }

    [Fact]
    public async Task Attempt_ThatIsTheOnlyOne_HasNoHistory()
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender { MaxAttempts = 4 };
        Assert.Null((await sender.SendAsync(target.Url)).AttemptHistory);
    }

    [Fact]
    public async Task RetryAfter_OfAShortTime_IsWaitedForBetweenTheAttempts()
    {
        await using var target = Target.StartSequence(Responses.With(429, "", "Retry-After: 7"), Responses.Echo);
        var time = new JumpingTime(TimeSpan.FromSeconds(20));
        using var sender = new TestSender(time) { MaxAttempts = 1, MaxWaitSeconds = 60 };
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
        Assert.Equal([TimeSpan.FromSeconds(7)], time.Waits);
    }

    [Fact]
    public async Task RetryAfter_OfALongTime_IsLeftToTheCallerAndTheItemGoesOnWithItsAttempts()
    {
        await using var target = Target.StartSequence(
            Responses.With(503, "", "Retry-After: 120"),
            Responses.With(503, "", "Retry-After: 120"),
            Responses.Echo);
        var time = new FakeTimeProvider();
        using var sender = new TestSender(time) { MaxAttempts = 1, MaxWaitSeconds = 600 };
        var first = await sender.TrySendAsync(target.Url, "{}"u8.ToArray());
        Assert.Equal(TimeSpan.FromSeconds(120), first.RetryAfter);
        Assert.Single(target.Requests);
        time.Advance(TimeSpan.FromSeconds(120));
        var second = await sender.TrySendAsync(target.Url, "{}"u8.ToArray(), earlier: first.Outcome.AttemptHistory);
        Assert.Equal(TimeSpan.FromSeconds(120), second.RetryAfter);
        time.Advance(TimeSpan.FromSeconds(120));
        var third = await sender.TrySendAsync(target.Url, "{}"u8.ToArray(), earlier: second.Outcome.AttemptHistory);
        Assert.Null(third.RetryAfter);
        TestSender.AssertSucceeded(third.Outcome);
        Assert.Equal((3, 3), (third.Outcome.Attempts, third.Outcome.AttemptHistory!.Count));
    }

    [Fact]
    public async Task RetryAfter_OfTheLastAttempt_IsNotWaitedFor()
    {
        await using var target = Target.Start(Responses.With(500, "", "Retry-After: 120"));
        using var sender = new TestSender { MaxAttempts = 1 };
        Assert.Null((await sender.TrySendAsync(target.Url, "{}"u8.ToArray())).RetryAfter);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(422)]
    [InlineData(501)]
    public async Task Status_ThatDoesNotPass_IsSentOnce(int status)
    {
        await using var target = Target.Start(Responses.With(status, ""));
        using var sender = new TestSender { MaxAttempts = 4 };
        Assert.Equal(1, (await sender.SendAsync(target.Url)).Attempts);
        Assert.Single(target.Requests);
    }
}
