using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderRulesTests : IDisposable
{
    static readonly SendRules Free = new(RatePerSecond: null, Stop: null, IsPaused: false);

    readonly TestSender sender;
    Func<SendRules> rules = () => Free;

    public ItemSenderRulesTests() => sender = new TestSender(rules: _ => new(rules()));

    public void Dispose() => sender.Dispose();

    [Fact]
    public async Task Rules_ThatCannotBeRead_TakeNoPermitOfTheTargetAway()
    {
        await using var target = Target.StartSequence(Responses.With(429, ""), Responses.Echo);

        // From here on the target gets one request at a time.
        TestSender.AssertFailed(ItemErrorCode.HttpStatus, await sender.SendAsync(target.Url));
        int reads = 0;
        rules = () => ++reads == 2 ? throw new IOException("no store") : Free;
        await Assert.ThrowsAsync<IOException>(() => sender.SendAsync(target.Url));

        rules = () => Free;
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url));
    }

    [Fact]
    public async Task Item_ThatIsPausedBetweenAttempts_HasTheLastResponse()
    {
        await using var target = Target.Start(Responses.With(503, "busy"));
        sender.MaxWaitSeconds = 60;
        rules = () => Free with { IsPaused = target.Requests.Count > 0 };
        var result = await sender.TrySendAsync(target.Url, "{}"u8.ToArray());
        Assert.True(result is { IsPaused: true, RetryAfter: not null }, $"The item is not held: {result}.");
        TestSender.AssertFailed(ItemErrorCode.HttpStatus, result.Outcome);
        Assert.Equal(("busy", 1), (result.Outcome.Body!.Text, result.Outcome.AttemptHistory!.Count));
    }

    [Fact]
    public async Task Item_WhoseSecretIsGoneWhenItIsSentAgain_KeepsItsAttempts()
    {
        var attempt = new Attempt(DateTimeOffset.UnixEpoch, 1, 503, ItemErrorCode.HttpStatus);
        await using var target = Target.Start(Responses.Echo);
        sender.Headers["X-Key"] = new TargetHeader { Secret = "GONE" };
        var result = await sender.TrySendAsync(target.Url, "{}"u8.ToArray(), earlier: [attempt]);
        TestSender.AssertFailed(ItemErrorCode.TargetRefused, result.Outcome);
        Assert.Equal([attempt], result.Outcome.AttemptHistory!);
        Assert.Equal(1, result.Outcome.Attempts);
        Assert.Empty(target.Requests);
    }
}
