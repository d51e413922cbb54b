using Rollcall.Validation;

namespace Rollcall.Api.Grants;

/// <summary>
/// The names of a host's own things, such as queues, that the requests of batches may name: those that a setting lists, and no other.
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
    /// <param name="text">Its value: names with commas between them, or nothing for none.</param>
    /// <param name="refusal">Says in the rest of a sentence why a name may never be listed; null where it may.</param>
    /// <exception cref="InvalidOperationException">A name may not be listed, with a sentence that says which and why.</exception>
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

    /// <summary>Says what is wrong with a name that a request has.</summary>
    /// <returns>See <see cref="InputError.Message"/>; null where it is allowed.</returns>
    internal string? FindRefusal(string name) =>
        names.Contains(name, StringComparer.Ordinal) ? null
        : names.Length == 0 ? $"is not allowed: the host's setting {setting} lists none."
        : $"is '{ShortText.Of(name)}': {NearName.List(names)} {(names.Length == 1 ? "is" : "are")} allowed, by the host's setting "
            + $"{setting}.";
}
