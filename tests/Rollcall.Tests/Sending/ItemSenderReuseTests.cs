using Rollcall.Items;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

/// <summary>
/// Connections that are kept alive, and how often a target sees an item when one of them ends: the HTTP client sends a request again by
/// itself only if nothing of the payload was written.
/// </summary>
public sealed class ItemSenderReuseTests
{
    const int Items = 50;

    [Fact]
    public async Task Items_SentOneAfterTheOther_ShareAConnection()
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender();
        for (int i = 0; i < Items; i++)
        {
            TestSender.AssertSucceeded(await sender.SendAsync(target.Url, index: i));
        }

        Assert.Equal(1, target.ConnectionCount);
    }

    [Fact]
    public async Task Connection_ThatTheTargetClosesWhileItIsIdle_LosesAndDoublesNothing()
    {
        await using var target = Target.Start(Responses.ThenClose(Responses.Echo));
        using var sender = new TestSender { MaxAttempts = 4 };
        for (int i = 0; i < Items; i++)
        {
            TestSender.AssertSucceeded(await sender.SendAsync(target.Url, index: i));
        }

        Assert.Equal(Enumerable.Range(0, Items).Select(i => $"batch-1-{i}"), target.Requests.Select(r => r.Headers["Idempotency-Key"]));
    }

    [Fact]
    public async Task Items_WithoutKeepAlive_HaveAConnectionEachAlsoIfTheTargetKeepsThem()
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender { KeepAlive = false };
        for (int i = 0; i < 5; i++)
        {
            TestSender.AssertSucceeded(await sender.SendAsync(target.Url, index: i));
        }

        Assert.Equal(5, target.ConnectionCount);
        Assert.All(target.Requests, request => Assert.Equal("close", request.Headers["Connection"]));
    }

    [Fact]
    public async Task Response_ThatComesLateOnAKeptConnection_IsNotTakenForTheNextItems()
    {
        int requests = 0;
        await using var target = Target.Start(async (request, connection) =>
        {
            // The second response to the first request is there before the second request is.
            int number = Interlocked.Increment(ref requests);
            await Responses.With(200, $"{number}")(request, connection);
            if (number == 1)
            {
                await Responses.With(200, "stray")(request, connection);
            }
        });
        using var sender = new TestSender { KeepAlive = false };
        for (int i = 1; i <= 3; i++)
        {
            Assert.NotEqual("stray", (await sender.SendAsync(target.Url, index: i)).Body?.Text);
        }
    }

    public static TheoryData<string> Ends { get; } = [nameof(Faults.CloseWithoutResponse), nameof(Faults.ResetWithoutResponse)];

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task KeptAliveConnection_ThatEndsAfterTheRequestWasRead_HasTheItemSeenOnce(string end)
    {
        await using var target = Target.StartSequence(Responses.Echo, FaultOf(end), Responses.Echo);
        using var sender = new TestSender { MaxAttempts = 1 };
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url, index: 0));
        var outcome = await sender.SendAsync(target.Url, index: 1);
        TestSender.AssertFailed(ItemErrorCode.NoResponse, outcome);
        Assert.Equal(["batch-1-0", "batch-1-1"], target.Requests.Select(r => r.Headers["Idempotency-Key"]));
        Assert.Equal(1, outcome.Attempts);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task KeptAliveConnection_ThatEndsAfterTheRequestWasRead_CountsAsAnAttempt(string end)
    {
        await using var target = Target.StartSequence(Responses.Echo, FaultOf(end), Responses.Echo);
        using var sender = new TestSender { MaxAttempts = 4 };
        TestSender.AssertSucceeded(await sender.SendAsync(target.Url, index: 0));
        var outcome = await sender.SendAsync(target.Url, index: 1);
        TestSender.AssertSucceeded(outcome);
        Assert.Equal(["batch-1-0", "batch-1-1", "batch-1-1"], target.Requests.Select(r => r.Headers["Idempotency-Key"]));
        Assert.Equal([ItemErrorCode.NoResponse, null], outcome.AttemptHistory!.Select(a => a.Error));
    }

    static Behaviour FaultOf(string end) =>
        end == nameof(Faults.CloseWithoutResponse) ? Faults.CloseWithoutResponse : Faults.ResetWithoutResponse;
}
