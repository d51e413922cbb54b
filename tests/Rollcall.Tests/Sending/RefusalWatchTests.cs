using Microsoft.Extensions.Time.Testing;
using Rollcall.Sending;

namespace Rollcall.Tests.Sending;

/// <summary>Whether 401 and 403 are about an item or about the credentials.</summary>
public sealed class RefusalWatchTests
{
    readonly FakeTimeProvider time = new();
    readonly RefusalWatch watch;

    public RefusalWatchTests() => watch = new RefusalWatch(time);

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Refusals_OfTwentyInFlight_AreAllOfTheCredentials(int status)
    {
        Begin(64);
        var ends = Enumerable.Range(0, 64).Select(_ => watch.EndAsync(status).AsTask()).ToList();
        Assert.All(await Task.WhenAll(ends), Assert.True);
    }

    [Fact]
    public async Task Refusals_OfFewerThanTwentyItems_AreTheirOutcomes()
    {
        Begin(19);
        var ends = Enumerable.Range(0, 19).Select(_ => watch.EndAsync(401).AsTask()).ToList();
        Assert.All(await Task.WhenAll(ends), Assert.False);
    }

    [Fact]
    public async Task Refusals_OneAfterAnother_AreOutcomesUpToTheTwentieth()
    {
        for (int number = 1; number <= 25; number++)
        {
            watch.Begin();
            Assert.Equal(number >= RefusalWatch.Most, await watch.EndAsync(401));
        }
    }

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task Refusal_BeforeAnotherResponse_IsAnOutcome(int status)
    {
        Begin(2);
        var refused = watch.EndAsync(403).AsTask();
        Assert.False(refused.IsCompleted);
        Assert.False(await watch.EndAsync(status));
        Assert.False(await refused);
    }

    [Fact]
    public async Task Refusals_WithAnotherResponseBetween_AreCountedFromThere()
    {
        for (int number = 0; number < 5 * RefusalWatch.Most; number++)
        {
            watch.Begin();
            Assert.False(await watch.EndAsync(number % RefusalWatch.Most == 0 ? 200 : 401));
        }
    }

    [Fact]
    public async Task RequestWithoutAResponse_DecidesNothingWhileAnotherIsOnItsWay()
    {
        Begin(3);
        var refused = watch.EndAsync(401).AsTask();
        Assert.False(await watch.EndAsync(status: null));
        Assert.False(refused.IsCompleted);
        Assert.False(await watch.EndAsync(status: null));
        Assert.False(await refused);
    }

    [Fact]
    public async Task Refusal_BesideAResponseThatIsLongInComing_IsAnOutcomeAfterAWhile()
    {
        Begin(2);
        var refused = watch.EndAsync(401).AsTask();
        Assert.False(refused.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(await refused);
    }

    void Begin(int requests)
    {
        for (int request = 0; request < requests; request++)
        {
            watch.Begin();
        }
    }
}
