using Rollcall.Validation;

namespace Rollcall.Api.Grants;

/// <summary>
/// The names of a host's own resources, such as queues, that batch requests may use: only those that a setting lists.
/// </summary>
public sealed class AllowedNames
{
    readonly string setting;
    readonly string[] names;

    AllowedNames(string setting, string[] names)
    {
        this.setting = setting;
        this.names = names;
    }

    /// <summary>Reads a setting.</summary>
    /// <param name="setting">Its name, for messages.</param>
    /// <param name="text">Its value: names separated by commas, or nothing for none.</param>
    /// <param name="refusal">Says why a name may never be listed, as the rest of a sentence; null if it may.</param>
    /// <exception cref="InvalidOperationException">A name may not be listed. The message says which and why.</exception>
    public static AllowedNames Parse(string setting, string? text, Func<string, string?> refusal)
    {
        string[] names = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (string name in names)
        {
            if (refusal(name) is { } error)
            {
                throw new InvalidOperationException($"{setting} has '{name}', which {error}");
            }
        }

        return new AllowedNames(setting, names);
    }

    /// <summary>Says what is wrong with a name in a request.</summary>
    /// <returns>See <see cref="InputError.Message"/>; null if it is allowed.</returns>
    internal string? FindRefusal(string name)
    {
        if (names.Contains(name, StringComparer.Ordinal))
        {
            return null;
        }

        if (names.Length == 0)
        {
            return $"is not allowed: the host's setting {setting} lists none.";
        }

        string verb = names.Length == 1 ? "is" : "are";
        return $"is '{ShortText.Of(name)}': {NearName.List(names)} {verb} allowed, by the host's setting {setting}.";
    }
}
