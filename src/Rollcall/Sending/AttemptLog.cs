using Rollcall.Items;

namespace Rollcall.Sending;

/// <summary>The attempts made at an item, in all activities. Their number is limited, however often the item is refused.</summary>
/// <param name="earlier">The attempts of earlier activities.</param>
sealed class AttemptLog(IReadOnlyList<Attempt> earlier)
{
    /// <summary>How many refusals are recorded one by one.</summary>
    public const int RefusalsKept = 10;

    readonly List<Attempt> attempts = [.. earlier];

    /// <summary>The attempts: see <see cref="Attempt.Times"/>.</summary>
    public IReadOnlyList<Attempt> All => attempts;

    /// <summary>How many there were.</summary>
    public int Made => attempts.Sum(attempt => attempt.Times ?? 1);

    /// <summary>How many there were at which the item may have been taken.</summary>
    public int Counted => attempts.Count(attempt => !attempt.IsRefused);

    /// <summary>When the item was first refused; null if it never was.</summary>
    public DateTimeOffset? RefusedSince => attempts.Find(attempt => attempt.IsRefused)?.At;

    /// <summary>Adds an attempt.</summary>
    public void Add(Attempt attempt)
    {
        bool isOneMore = attempt.IsRefused
            && attempts.Count > 0
            && attempts[^1].IsRefused
            && attempts.Count(one => one.IsRefused) >= RefusalsKept;
        if (isOneMore)
        {
            attempts[^1] = attempt with { At = attempts[^1].At, Times = (attempts[^1].Times ?? 1) + 1 };
        }
        else
        {
            attempts.Add(attempt);
        }
    }
}
