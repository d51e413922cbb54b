namespace Rollcall.Sending;

/// <summary>What became of the last attempts at a target: the last 20 that say whether it takes requests.</summary>
sealed class RecentAttempts
{
    const int Kept = 20;

    readonly AttemptKind[] kinds = new AttemptKind[Kept];
    int count;

    /// <summary>Whether at least half of the last 20 were refused, or found nobody.</summary>
    public bool AreMostlyRefused => Count(kind => kind is not AttemptKind.Taken) >= Kept / 2;

    /// <summary>Whether at least half of the last 20 found nobody.</summary>
    public bool AreMostlyUnanswered => Count(kind => kind is AttemptKind.Unanswered) >= Kept / 2;

    /// <summary>Records an attempt.</summary>
    public void Add(AttemptKind kind) => kinds[count++ % Kept] = kind;

    /// <summary>Forgets all of them.</summary>
    public void Clear() => count = 0;

    int Count(Func<AttemptKind, bool> isCounted) => kinds.Take(Math.Min(count, Kept)).Count(isCounted);
}
