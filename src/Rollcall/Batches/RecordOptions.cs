using System.Buffers;
using System.Text.RegularExpressions;
using Rollcall.Validation;

namespace Rollcall.Batches;

/// <summary>
/// What the result line of an item has besides its outcome. It cannot change once a batch has begun: all lines have the same.
/// </summary>
/// <remarks>The properties have setters because source-generated JSON would not apply defaults to <c>init</c> properties.</remarks>
public sealed partial record RecordOptions
{
    /// <summary>The maximum number of names in <see cref="Extract"/>, and in <see cref="KeepHeaders"/>.</summary>
    public const int MaxNames = 32;

    // RFC 9110, section 5.6.2: a token.
    static readonly SearchValues<char> HeaderCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>What is taken from the JSON of the body, in this order: at most <see cref="MaxNames"/>, each name once.</summary>
    public IReadOnlyList<ExtractedField> Extract { get; set; } = [];

    /// <summary>
    /// The response headers that are kept, in lower case: at most <see cref="MaxNames"/>, each name once, and not <c>set-cookie</c>.
    /// </summary>
    public IReadOnlyList<string> KeepHeaders { get; set; } = [];

    /// <summary>Whether a body that is JSON is in its line as JSON, not as a string.</summary>
    public bool JsonBody { get; set; }

    /// <summary>Whether an item's input is in its line.</summary>
    public bool WithInput { get; set; }

    /// <inheritdoc/>
    public bool Equals(RecordOptions? other) =>
        other is not null
        && JsonBody == other.JsonBody
        && WithInput == other.WithInput
        && Extract.SequenceEqual(other.Extract)
        && KeepHeaders.SequenceEqual(other.KeepHeaders);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Extract.Count, KeepHeaders.Count);

    /// <summary>Finds the first error in what is extracted.</summary>
    /// <returns>The rest of a sentence whose subject is the option, or null.</returns>
    internal static string? FindError(IReadOnlyList<ExtractedField> fields)
    {
        if (fields.Count > MaxNames)
        {
            return $"has {fields.Count} names: at most {MaxNames} are allowed.";
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, expression) in fields)
        {
            string? error = (Name().IsMatch(name), ResultColumns.AreNamed(name), seen.Add(name)) switch
            {
                (false, _, _) =>
                    $"has the name '{ShortText.Of(name)}': 1 to 64 letters, digits, - and _ are needed, and no digit or - first.",
                (_, true, _) => $"has the name '{name}', which a column of the results has: choose another one.",
                (_, _, false) => $"has the name '{name}' twice: in a table, names differ by more than case.",
                _ => FindExpressionError(name, expression),
            };
            if (error is not null)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>Finds the first error in the headers to keep.</summary>
    /// <returns>The rest of a sentence whose subject is the option, or null.</returns>
    internal static string? FindError(IReadOnlyList<string> headers)
    {
        if (headers.Count > MaxNames)
        {
            return $"has {headers.Count} names: at most {MaxNames} are allowed.";
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in headers)
        {
            if (name.Length is 0 or > 256 || name.AsSpan().ContainsAnyExcept(HeaderCharacters))
            {
                return $"is '{ShortText.Of(name)}': the name of a header is needed.";
            }

            if (name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase))
            {
                return "has 'set-cookie', which is not kept: its lines cannot be joined (RFC 9110, section 5.3), and it is a credential.";
            }

            if (!seen.Add(name))
            {
                return $"has '{name}' twice.";
            }
        }

        return null;
    }

    static string? FindExpressionError(string name, string expression)
    {
        try
        {
            _ = BodyExpression.Parse(expression);
            return null;
        }
        catch (FormatException exception)
        {
            return $"of '{name}' {exception.Message}";
        }
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_-]{0,63}$", RegexOptions.ECMAScript)]
    private static partial Regex Name();
}

/// <summary>What is taken from a body.</summary>
/// <param name="Name">Its name in the result line.</param>
/// <param name="Expression">Where it is in the JSON, as <see cref="BodyExpression"/> reads it.</param>
public sealed record ExtractedField(string Name, string Expression);
