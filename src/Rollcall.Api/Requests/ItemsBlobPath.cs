using Rollcall.Api.Grants;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>The rule for <c>itemsBlob</c>: a container that the host has opened, a slash, and the name of a blob in it.</summary>
static class ItemsBlobPath
{
    // Azure Blob Storage: a container's name has up to 63 characters, a blob's up to 1,024.
    const int MaxLength = 63 + 1 + 1024;

    /// <summary>The rule for a path, for error messages.</summary>
    public static readonly string Needed = $"a string of 1 to {MaxLength} characters, a container, a slash and a blob's name,";

    /// <summary>Whether a text is short enough.</summary>
    public static bool IsShort(string path) => path.Length is > 0 and <= MaxLength;

    /// <summary>Says what is wrong with a path.</summary>
    /// <returns>See <see cref="InputError.Message"/>; null if nothing is.</returns>
    public static string? FindError(string path, AllowedNames containers)
    {
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == path.Length - 1)
        {
            return $"is '{ShortText.Of(path)}': {Needed} is needed.";
        }

        if (containers.FindRefusal(path[..slash]) is { } refusal)
        {
            return $"names a container that {refusal}";
        }

        return LeadsElsewhere(path[(slash + 1)..])
            ? $"is '{ShortText.Of(path)}': a blob's name here has no empty part between slashes, none of dots alone, no backslash and no "
                + "control character, also not percent-encoded."
            : null;
    }

    // Whatever a URL may make of the name, it must stay in the container, even if it is decoded more than once.
    static bool LeadsElsewhere(string name)
    {
        for (string form = name; ;)
        {
            if (form.Any(c => char.IsControl(c) || c == '\\') || form.Split('/').Any(part => part.All(c => c == '.')))
            {
                return true;
            }

            string decoded = Uri.UnescapeDataString(form);
            if (decoded == form)
            {
                return form.Count(c => c == '/') != name.Count(c => c == '/');
            }

            form = decoded;
        }
    }
}
