namespace Rollcall.Validation;

/// <summary>Shortens a caller's texts for messages.</summary>
static class ShortText
{
    /// <summary>The maximum length of a caller's text in a message, in characters.</summary>
    public const int MaxLength = 100;

    /// <summary>Cuts a text that is too long.</summary>
    /// <param name="maxLength">The maximum length of the result, plus one character that stands for the rest.</param>
    /// <returns>The text, cut if it is longer, but never within a character.</returns>
    public static string Of(string text, int maxLength = MaxLength)
    {
        if (text.Length <= maxLength)
        {
            return text;
        }

        int length = char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength;
        return text[..length] + "…";
    }
}
