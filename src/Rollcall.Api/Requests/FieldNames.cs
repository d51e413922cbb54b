using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>The names of an object's fields as they come. Those that are not known, or come again, are refused.</summary>
/// <param name="pointer">The object's JSON Pointer.</param>
/// <param name="errors">Where the errors go.</param>
/// <param name="known">The names that are allowed.</param>
sealed class FieldNames(string pointer, InputErrorList errors, params IReadOnlyList<string> known)
{
    /// <summary>What is wrong with a name that comes again.</summary>
    public const string Doubled = "is there more than once.";

    readonly HashSet<string> seen = new(StringComparer.Ordinal);

    /// <summary>Takes a name.</summary>
    /// <returns>Whether it is known and new, so that its value is to be read.</returns>
    public bool Accept(string name)
    {
        bool isKnown = known.Contains(name);
        if (isKnown && seen.Add(name))
        {
            return true;
        }

        if (errors.IsFull)
        {
            errors.AddUnnamed();
        }
        else
        {
            errors.Add(InputError.AtField(JsonPointer.Append(pointer, name), isKnown ? Doubled : NearName.Describe(name, known)));
        }

        return false;
    }

    /// <summary>Whether a known name has come.</summary>
    public bool Has(string name) => seen.Contains(name);

    /// <summary>Refuses the object where a field is missing.</summary>
    /// <param name="needed">What it should be: "an object with \"url\"".</param>
    public void Require(string name, string needed)
    {
        if (!Has(name))
        {
            errors.Add(InputError.AtField(JsonPointer.Append(pointer, name), $"is missing: {needed} is needed."));
        }
    }
}
