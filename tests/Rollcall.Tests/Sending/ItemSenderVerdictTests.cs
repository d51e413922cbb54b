using System.Text;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

/// <summary>Which responses are successes.</summary>
public sealed class ItemSenderVerdictTests
{
    [Theory]
    [InlineData("200-299,404", 404, true)]
    [InlineData("200-299,404", 200, true)]
    [InlineData("200", 201, false)]
    [InlineData("302", 302, true)]
    [InlineData("200-599", 500, true)]
    public async Task Status_IsASuccessIfTheVerdictSaysSo(string success, int status, bool isSuccess)
    {
        await using var target = Target.Start(Responses.With(status, "body", "Location: /next"));
        using var sender = new TestSender { Verdict = new VerdictOptions { Success = success } };
        var outcome = await sender.SendAsync(target.Url);
        Assert.Equal((status, isSuccess), (outcome.HttpStatus, outcome.Status == OutcomeStatus.Succeeded));
        await sender.AssertBodyAsync("body"u8.ToArray(), outcome);
        Assert.Equal(isSuccess ? null : ItemErrorCode.HttpStatus, outcome.Error?.Code);
    }

    [Theory]
    [InlineData("""{"error":{"code":7}}""", "failIf (error) is true.")]
    [InlineData("""{"error":null,"status":"ok"}""", null)]
    [InlineData("""{"status":"late"}""", "succeedIf (status == 'ok') is not true.")]
    [InlineData("{}", "succeedIf (status == 'ok') is not true.")]
    [InlineData("<html>", "The body is not JSON, so that succeedIf (status == 'ok') is not true.")]
    [InlineData("{'status':'ok'}", "The body is not JSON, so that succeedIf (status == 'ok') is not true.")]
    [InlineData("", "The body is not JSON, so that succeedIf (status == 'ok') is not true.")]
    [InlineData("\uFEFF{\"status\":\"ok\"}", null)]
    public async Task Body_OfAStatusThatIsASuccess_IsJudgedAndKeptWhole(string body, string? error)
    {
        await using var target = Target.Start(Responses.With(200, body));
        using var sender = new TestSender
        {
            MaxAttempts = 3,
            Verdict = new VerdictOptions { FailIf = "error", SucceedIf = "status == 'ok'" },
        };
        var outcome = await sender.SendAsync(target.Url);
        Assert.Equal((error is null, error), (outcome.Status == OutcomeStatus.Succeeded, outcome.Error?.Message));
        Assert.Equal(error is null ? null : ItemErrorCode.Verdict, outcome.Error?.Code);
        await sender.AssertBodyAsync(Encoding.UTF8.GetBytes(body), outcome);
        Assert.Single(target.Requests);
    }

    [Fact]
    public async Task Body_ThatIsNotJson_DoesNotFailByAConditionOnIt()
    {
        await using var target = Target.Start(Responses.With(200, "plain"));
        using var sender = new TestSender { Verdict = new VerdictOptions { FailIf = "error", RetryIf = "busy" } };
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
    }

    [Fact]
    public async Task Body_ThatCannotBeJudged_IsNoSuccess()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 2000)) + string.Concat(Enumerable.Repeat("]", 2000));
        foreach (var (body, expected) in new[]
        {
            (deep, "The body is JSON of more than 256 levels, which cannot be judged."),
            ("""{"error":"\ud800"}""", "failIf (error) cannot be evaluated: "),
            ("""{"\ud800":1}""", "failIf (error) cannot be evaluated: "),
        })
        {
            await using var target = Target.Start(Responses.With(200, body));
            using var sender = new TestSender { Verdict = new VerdictOptions { FailIf = "error" } };
            var outcome = await sender.SendAsync(target.Url);
            TestSender.AssertFailed(ItemErrorCode.Verdict, outcome);
            Assert.StartsWith(expected, outcome.Error!.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(3_000_000)]
    public async Task Body_ThatIsStored_IsJudgedFromTheStore(int length)
    {
        string body = $$"""{"padding":"{{new string('x', length)}}","error":"late"}""";
        await using var target = Target.Start(Responses.With(200, body));
        using var sender = new TestSender { Verdict = new VerdictOptions { FailIf = "error == 'late'" } };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Verdict, outcome);
        await sender.AssertBodyAsync(Encoding.UTF8.GetBytes(body), outcome);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    public async Task Response_ThatIsToBeTriedAgain_IsWhateverItsStatusIs(int status)
    {
        await using var target = Target.StartSequence(
            Responses.With(status, """{"state":"busy"}"""), Responses.With(200, """{"state":"done"}"""));
        using var sender = new TestSender { MaxAttempts = 3, Verdict = new VerdictOptions { RetryIf = "state == 'busy'" } };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        Assert.Equal(2, outcome.Attempts);
        await sender.AssertBodyAsync("""{"state":"done"}"""u8.ToArray(), outcome);
    }

    [Fact]
    public async Task Response_ThatIsAlwaysToBeTriedAgain_IsNoSuccessAfterTheLastAttempt()
    {
        await using var target = Target.Start(Responses.With(200, """{"state":"busy"}"""));
        using var sender = new TestSender { MaxAttempts = 3, Verdict = new VerdictOptions { RetryIf = "state == 'busy'" } };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.Verdict, outcome);
        Assert.Equal((3, "retryIf (state == 'busy') is true."), (outcome.Attempts, outcome.Error!.Message));
        Assert.All(outcome.AttemptHistory!, attempt => Assert.Equal(ItemErrorCode.Verdict, attempt.Error));
    }

    [Fact]
    public async Task Body_ThatIsNotWhole_IsNoSuccessWhateverTheVerdict()
    {
        var cut = Responses.WithHead("HTTP/1.1 404 No\r\nContent-Length: 100\r\n\r\n", "{}"u8.ToArray());
        await using var target = Target.Start(Responses.ThenClose(cut));
        using var sender = new TestSender { Verdict = new VerdictOptions { Success = "404" } };
        TestSender.AssertFailed(ItemErrorCode.BodyIncomplete, await sender.SendAsync(target.Url));
    }

    [Fact]
    public async Task Refusals_ThatAreSuccesses_DoNotPauseTheBatch()
    {
        await using var target = Target.Start(Responses.With(403, "no"));
        using var sender = new TestSender { Verdict = new VerdictOptions { Success = "403" } };
        for (int index = 0; index < 30; index++)
        {
            TestSender.AssertSucceeded(await sender.SendAsync(target.Url, index: index));
        }

        Assert.Empty(sender.Pauses);
    }
}
