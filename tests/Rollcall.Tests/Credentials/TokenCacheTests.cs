using Rollcall.Credentials;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Credentials;

/// <summary>When a token is taken, and when it is renewed.</summary>
public sealed class TokenCacheTests
{
    readonly WatchedTime time = new();
    readonly Queue<Func<Task<Token>>> answers = new();
    readonly TokenCache cache;
    int taken;

    public TokenCacheTests() => cache = new TokenCache(Take, time);

    [Fact]
    public async Task Token_OfManyRequestsAtOnce_IsTakenOnce()
    {
        var slow = new TaskCompletionSource<Token>();
        answers.Enqueue(() => slow.Task);
        var all = Enumerable.Range(0, 50).Select(_ => GetAsync()).ToList();
        slow.SetResult(new Token("a", Life: null));
        Assert.All(await Task.WhenAll(all), token => Assert.Equal("a", token.Value));
        time.Advance(TimeSpan.FromDays(30));
        Assert.Equal("a", (await GetAsync()).Value);
        Assert.Equal(1, taken);
    }

    [Theory]
    [InlineData(5, 3.9, 4.1)]
    [InlineData(300, 239, 241)]
    [InlineData(3600, 3539, 3541)]
    public async Task Token_WithALife_IsRenewedBeforeItEnds(int life, double still, double renewed)
    {
        await AnswerAsync("a", life);
        time.Advance(TimeSpan.FromSeconds(still));
        Assert.Equal("a", (await GetAsync()).Value);
        time.Advance(TimeSpan.FromSeconds(renewed - still));
        Assert.Equal("b", (await AnswerAsync("b", life)).Value);
        Assert.Equal(2, taken);
    }

    [Fact]
    public async Task Token_ThatATargetRefuses_IsReplacedOnceForAllWhoHaveIt()
    {
        var refused = await AnswerAsync("a");
        time.Advance(TimeSpan.FromSeconds(2));
        answers.Enqueue(() => Task.FromResult(new Token("b", Life: null)));
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GetAsync(refused)));
        Assert.All(all, token => Assert.Equal("b", token.Value));
        Assert.Equal("b", (await GetAsync(refused)).Value);
        Assert.Equal(2, taken);
    }

    [Fact]
    public async Task Token_ThatIsRefusedAndTakenAgainUnchanged_IsNotAskedForAtOnce()
    {
        var refused = await AnswerAsync("a");
        time.Advance(TimeSpan.FromSeconds(2));
        answers.Enqueue(() => Task.FromResult(new Token("a", Life: null)));
        Assert.Equal(refused, await GetAsync(refused));
        var waits = time.WhenWaitedForAsync(TimeSpan.FromSeconds(1));
        var again = GetAsync(refused);
        await waits;
        Assert.False(again.IsCompleted);
        Assert.Equal(2, taken);
        answers.Enqueue(() => Task.FromResult(new Token("b", Life: null)));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("b", (await again).Value);
    }

    [Fact]
    public async Task Source_ThatFails_IsAskedOnceASecondAndIsLastingAfterHalfAMinute()
    {
        for (int second = 0; second < 30; second++)
        {
            answers.Enqueue(() => throw new TokenException("down"));
            Assert.False((await Assert.ThrowsAsync<TokenException>(() => GetAsync())).IsLasting, $"It was lasting after {second} s.");
            await Assert.ThrowsAsync<TokenException>(() => GetAsync());
            time.Advance(TimeSpan.FromSeconds(1));
        }

        answers.Enqueue(() => throw new TokenException("down"));
        Assert.True((await Assert.ThrowsAsync<TokenException>(() => GetAsync())).IsLasting);
        Assert.Equal(31, taken);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("a", (await AnswerAsync("a")).Value);
    }

    [Fact]
    public async Task Source_ThatDoesNotRespond_IsGivenUpAfterHalfAMinute()
    {
        var asked = new TaskCompletionSource();
        answers.Enqueue(async () =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, last);
            return new Token("late", Life: null);
        });
        var waiting = GetAsync();
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Contains("within 30 s", (await Assert.ThrowsAsync<TokenException>(() => waiting)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_WhoGivesUp_LeavesTheTokenToTheOthers()
    {
        var slow = new TaskCompletionSource<Token>();
        answers.Enqueue(() => slow.Task);
        using var gone = new CancellationTokenSource();
        var first = cache.GetAsync(refused: null, gone.Token);
        var second = GetAsync();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        slow.SetResult(new Token("a", Life: null));
        Assert.Equal("a", (await second).Value);
        Assert.Equal(1, taken);
    }

    CancellationToken last;

    Task<Token> Take(CancellationToken cancellationToken)
    {
        taken++;
        last = cancellationToken;
        return answers.Dequeue()();
    }

    Task<Token> GetAsync(Token? refused = null) => cache.GetAsync(refused, TestContext.Current.CancellationToken);

    Task<Token> AnswerAsync(string value, int? life = null)
    {
        answers.Enqueue(() => Task.FromResult(new Token(value, life is { } seconds ? TimeSpan.FromSeconds(seconds) : null)));
        return GetAsync();
    }
}
