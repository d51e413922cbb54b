using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>The names of an object's fields, in the order in which they come. Unknown and repeated names are refused.</summary>
/// <param name="pointer">The object's JSON Pointer.</param>
/// <param name="errors">Collects the errors.</param>
/// <param name="known">The allowed names.</param>
sealed class FieldNames(string pointer, InputErrorList errors, params IReadOnlyList<string> known)
{
    /// <summary>The error of a repeated name.</summary>
    public const string Doubled = "is there more than once.";

    readonly HashSet<string> seen = new(StringComparer.Ordinal);

    /// <summary>Adds a name.</summary>
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

    /// <summary>Whether a known name was added.</summary>
    public bool Has(string name) => seen.Contains(name);

    /// <summary>Refuses the object if a field is missing.</summary>
    /// <param name="needed">What it should be: "an object with \"url\"".</param>
    public void Require(string name, string needed)
    {
        if (!Has(name))
        {
            errors.Add(InputError.AtField(JsonPointer.Append(pointer, name), $"is missing: {needed} is needed."));
        }
    }
}
