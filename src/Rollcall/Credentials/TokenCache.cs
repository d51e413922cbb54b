namespace Rollcall.Credentials;

/// <summary>
/// The current token of a source. All requests of a process share it. It is renewed before it ends, and when a target has refused it.
/// </summary>
/// <param name="source">Takes new tokens.</param>
sealed class TokenCache(TokenSource source, TimeProvider time)
{
    static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(1);
    static readonly TimeSpan LongestTaking = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // A source is asked at most once in this time, whatever it responds and however many wait.
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly Lock gate = new();
    Task<Token>? taking;
    Token? last;
    long lastAt;
    long? failingSince;

    /// <summary>The current token.</summary>
    /// <param name="refused">A token that the target has refused; null if there is none. It is not returned, if there is another.</param>
    /// <exception cref="TokenException">There is none.</exception>
    public Task<Token> GetAsync(Token? refused, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (taking is null || (taking.IsCompleted && !IsOfUse(refused)))
            {
                taking = TakeAsync();
            }

            return taking.WaitAsync(cancellationToken);
        }
    }

    // Under the lock, once the taking has ended.
    bool IsOfUse(Token? refused)
    {
        var age = time.GetElapsedTime(lastAt);
        return taking!.IsCompletedSuccessfully ? last != refused && !(last!.Life is { } life && age >= life - MarginOf(life)) : age < Pause;
    }

    static TimeSpan MarginOf(TimeSpan life) => life / 5 < LongestMargin ? life / 5 : LongestMargin;

    async Task<Token> TakeAsync()
    {
        // The callers hold the lock until this returns.
        await Task.Yield();
        if (last is not null && Pause - time.GetElapsedTime(lastAt) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, time);
        }

        long began = time.GetTimestamp();
        using var limit = new CancellationTokenSource(LongestTaking, time);
        try
        {
            var token = await source(limit.Token);
            lock (gate)
            {
                (last, lastAt, failingSince) = (token, began, null);
            }

            return token;
        }
        catch (TokenException exception)
        {
            throw Failed(began, exception.Message, exception.IsLasting);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw Failed(began, $"No token came within {LongestTaking.TotalSeconds:0} s.", isLasting: false);
        }
    }

    TokenException Failed(long began, string message, bool isLasting)
    {
        lock (gate)
        {
            lastAt = time.GetTimestamp();
            failingSince ??= began;
            return new TokenException(message) { IsLasting = isLasting || time.GetElapsedTime(failingSince.Value) >= Patience };
        }
    }
}
