using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed class ItemSenderLimitTests
{
    [Theory]
    [InlineData(10, 10)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 4097)]
    [InlineData(100_000, 100_000)]
    public async Task Body_OfExactlyTheLargestSize_IsAResponse(int limit, int length)
    {
        await using var target = Target.Start(Responses.With(200, TestBytes.Text(length)));
        using var sender = new TestSender { MaxBodyBytes = limit };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertSucceeded(outcome);
        await sender.AssertBodyAsync(TestBytes.Text(length), outcome);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(10, 11)]
    [InlineData(4096, 4097)]
    [InlineData(4097, 4098)]
    [InlineData(100_000, 100_001)]
    [InlineData(100_000, 5_000_000)]
    public async Task Body_AboveTheLargestSize_IsTooLargeWithItsStartKept(int limit, int length)
    {
        await using var target = Target.Start(Responses.With(200, TestBytes.Text(length)));
        using var sender = new TestSender { MaxBodyBytes = limit, MaxAttempts = 3 };
        var outcome = await sender.SendAsync(target.Url);
        TestSender.AssertFailed(ItemErrorCode.BodyTooLarge, outcome);
        await sender.AssertBodyAsync(TestBytes.Text(length)[..limit], outcome);
        Assert.Equal(1, outcome.Attempts);
    }
}
