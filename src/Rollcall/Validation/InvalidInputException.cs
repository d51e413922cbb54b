namespace Rollcall.Validation;

/// <summary>The input cannot become a batch. None of it was sent.</summary>
/// <param name="message">What is wrong: a sentence that is sufficient if there is only one error.</param>
/// <param name="errors">The first errors, at most <see cref="MaxErrors"/>.</param>
/// <param name="count">The total number of errors.</param>
public sealed class InvalidInputException(string message, IReadOnlyList<InputError> errors, long count) : Exception(message)
{
    /// <summary>The maximum number of errors that are named; the rest are only counted.</summary>
    public const int MaxErrors = 20;

    // The reason is a column of a list: 20 long errors must not fill a page.
    const int MaxTextLength = 8000;

    /// <summary>An input with one error.</summary>
    public InvalidInputException(InputError error)
        : this(error.ToString(), [error], 1)
    {
    }

    /// <summary>An input with an error that concerns all of it.</summary>
    /// <param name="message">The rest of a sentence whose subject is the input.</param>
    public static InvalidInputException OfAll(string message) => new($"The input {message}", [InputError.AtField("", message)], 1);

    /// <summary>The first errors.</summary>
    public IReadOnlyList<InputError> Errors { get; } = errors;

    /// <summary>The total number of errors.</summary>
    public long Count { get; } = count;

    /// <summary>Whether a payload is larger than allowed.</summary>
    public bool IsTooLarge { get; init; }

    /// <summary>
    /// The message and all named errors in one text of at most 8,000 characters, for places that cannot show a list.
    /// </summary>
    public string ToText()
    {
        if (Errors.All(error => Message.Contains(error.Message, StringComparison.Ordinal)))
        {
            return Message;
        }

        string rest = Count > Errors.Count ? $" And {Count - Errors.Count} more." : "";
        return ShortText.Of($"{Message} {string.Join(' ', Errors)}", MaxTextLength - rest.Length) + rest;
    }
}
