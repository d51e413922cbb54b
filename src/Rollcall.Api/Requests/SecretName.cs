using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>The rule for the names of secrets. A text that breaks it is never repeated, because it may be the secret itself.</summary>
static class SecretName
{
    /// <summary>The rule for a name, for error messages.</summary>
    public const string Needed = "the name of a secret, 1 to 128 of letters, digits, _ and -,";

    const string Refused = $"is not the name of a secret: {Needed} is needed, and not the secret itself.";

    /// <summary>Says what is wrong with a name.</summary>
    /// <returns>See <see cref="InputError.Message"/>; null if nothing is.</returns>
    public static string? FindError(string text) =>
        text.Length is >= 1 and <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? null : Refused;

    /// <summary>Reads a name.</summary>
    /// <returns>The name; only valid if there are no errors.</returns>
    public static string? Read(JsonField field)
    {
        string? text = field.ReadText(Needed);
        field.Refuse(text is null ? null : FindError(text));
        return text;
    }
}
