using System.Net.Http.Headers;

namespace Rollcall.Sending;

/// <summary>The length that a response's headers announce for its body (RFC 9110, section 8.6).</summary>
/// <param name="Bytes">The length in bytes; null if there is none, or none that can be parsed.</param>
/// <param name="Error">Why the header cannot be parsed, as one sentence; null if it can.</param>
readonly record struct ContentLength(long? Bytes, string? Error)
{
    const string Name = "Content-Length";

    /// <summary>
    /// Reads the header. One number that is repeated counts once; anything else that is not a single number is an error.
    /// </summary>
    public static ContentLength Of(HttpContentHeaders headers) =>
        headers.NonValidated.TryGetValues(Name, out var values) ? Of(values) : default;

    static ContentLength Of(HeaderStringValues values)
    {
        long? bytes = null;
        foreach (string value in values)
        {
            foreach (var range in value.AsSpan().Split(','))
            {
                var number = value.AsSpan(range).Trim(" \t");
                if (!TryParse(number, out long parsed))
                {
                    return new ContentLength(null, $"'{values}' as {Name} is not a number of bytes.");
                }

                if (bytes is { } other && other != parsed)
                {
                    return new ContentLength(null, $"'{values}' as {Name} says {other} and {parsed} bytes.");
                }

                bytes = parsed;
            }
        }

        return new ContentLength(bytes, null);
    }

    // long.TryParse alone would also accept spaces and trailing NULs.
    static bool TryParse(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        return !text.ContainsAnyExceptInRange('0', '9')
            && long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out number);
    }
}
