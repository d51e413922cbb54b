namespace Rollcall.Validation;

/// <summary>Shortens texts of a caller for messages.</summary>
static class ShortText
{
    /// <summary>The longest text of a caller that a message repeats, in characters.</summary>
    public const int MaxLength = 100;

    /// <summary>A text that may be long.</summary>
    /// <param name="maxLength">The longest result, but for one character that stands for the rest.</param>
    /// <returns>The text, cut where it is longer, and never within a character.</returns>
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
