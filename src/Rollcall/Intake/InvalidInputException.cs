namespace Rollcall.Intake;

/// <summary>The input cannot become a batch. Nothing of it was sent.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="errors">The first lines that are wrong, at most <see cref="MaxErrors"/>.</param>
/// <param name="count">How many lines are wrong in all.</param>
public sealed class InvalidInputException(string message, IReadOnlyList<LineError> errors, long count) : Exception(message)
{
    /// <summary>How many wrong lines are named; the rest is counted.</summary>
    public const int MaxErrors = 20;

    /// <summary>The first lines that are wrong.</summary>
    public IReadOnlyList<LineError> Errors { get; } = errors;

    /// <summary>How many lines are wrong in all.</summary>
    public long Count { get; } = count;
}
