namespace Rollcall.Validation;

/// <summary>The input cannot become a batch. Nothing of it was sent.</summary>
/// <param name="message">What is wrong: a sentence that is enough where there is one error.</param>
/// <param name="errors">The first errors, at most <see cref="MaxErrors"/>.</param>
/// <param name="count">How many errors there are in all.</param>
public sealed class InvalidInputException(string message, IReadOnlyList<InputError> errors, long count) : Exception(message)
{
    /// <summary>How many errors are named; the rest is counted.</summary>
    public const int MaxErrors = 20;

    // A reason is a column of a list: 20 long errors must not be all of a page.
    const int MaxTextLength = 8000;

    /// <summary>An input with one error.</summary>
    public InvalidInputException(InputError error)
        : this(error.ToString(), [error], 1)
    {
    }

    /// <summary>An input that is wrong as a whole.</summary>
    /// <param name="message">The rest of a sentence whose subject is the input.</param>
    public static InvalidInputException OfAll(string message) => new($"The input {message}", [InputError.AtField("", message)], 1);

    /// <summary>The first errors.</summary>
    public IReadOnlyList<InputError> Errors { get; } = errors;

    /// <summary>How many errors there are in all.</summary>
    public long Count { get; } = count;

    /// <summary>Whether a payload is larger than one may be.</summary>
    public bool IsTooLarge { get; init; }

    /// <summary>
    /// The message with all errors that are named in one text of at most 8,000 characters, for where there is no room for a list.
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
