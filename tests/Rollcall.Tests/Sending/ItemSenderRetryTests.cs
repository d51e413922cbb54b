using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderRetryTests
{
    [Fact]
    public async Task Item_WhoseThirdAttemptSucceeds_HasThatAnswer()
    {
        await using var target = Target.StartSequence(Answers.With(503, "busy"), Faults.CloseWithoutAnswer, Answers.Echo);
        using var sender = new TestSender { MaxAttempts = 4 };
        var outcome = await sender.SendAsync(target.Url, """{"n":1}""");
        TestSender.AssertSucceeded(outcome);
        Assert.Equal((3, 200, """{"n":1}"""), (outcome.Attempts, outcome.HttpStatus, outcome.Body?.Text));
        Assert.Equal(3, target.Requests.Count);
    }

    [Fact]
    public async Task Attempts_OfOneItem_HaveTheSameKeyAndPayload()
    {
        await using var target = Target.Start(Answers.With(503, ""));
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
        await using var target = Target.Start(Answers.With(503, "busy"));
        using var sender = new TestSender { MaxAttempts = maxAttempts };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.HttpStatus, outcome);
        Assert.Equal((maxAttempts, 503, "busy"), (outcome.Attempts, outcome.HttpStatus, outcome.Body?.Text));
        Assert.Equal(maxAttempts, target.Requests.Count);
    }

    [Fact]
    public async Task Body_CutInTheFirstAttempt_IsWholeInTheSecond()
    {
        byte[] body = TestBytes.Text(100_000);
        await using var target = Target.StartSequence(Faults.BreakOff(body.AsMemory(0, 60_000), body.Length), Answers.With(200, body));
        using var sender = new TestSender { MaxAttempts = 2 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        Assert.Equal(2, outcome.Attempts);
        await sender.AssertBodyAsync(body, outcome);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(422)]
    [InlineData(501)]
    public async Task Status_ThatDoesNotPass_IsSentOnce(int status)
    {
        await using var target = Target.Start(Answers.With(status, ""));
        using var sender = new TestSender { MaxAttempts = 4 };
        Assert.Equal(1, (await sender.SendAsync(target.Url)).Attempts);
        Assert.Single(target.Requests);
    }
}
