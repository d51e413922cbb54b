namespace Rollcall.Sending;

/// <summary>What an attempt says about its target.</summary>
/// <param name="Kind">What became of it; null if that says nothing, such as an attempt that timed out.</param>
/// <param name="Asked">The wait that the target asked for; null if it did not.</param>
/// <param name="Limits">What the target says of its limits.</param>
readonly record struct PaceSign(AttemptKind? Kind, TimeSpan? Asked, IReadOnlyList<AnnouncedLimit> Limits);

/// <summary>What became of an attempt, as far as its target is concerned.</summary>
enum AttemptKind
{
    /// <summary>It took the request.</summary>
    Taken,

    /// <summary>It has too much to do: see <see cref="Items.Attempt.IsRefused"/>.</summary>
    Refused,

    /// <summary>Nobody was there to take the request.</summary>
    Unanswered,
}
