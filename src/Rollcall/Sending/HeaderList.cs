using System.Net.Http.Headers;

namespace Rollcall.Sending;

/// <summary>Headers that are lists (RFC 9110, section 5.6.1).</summary>
static class HeaderList
{
    /// <summary>The elements of a header, in order, across all of its lines. Empty elements are left out.</summary>
    public static string[] Of(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values)
            ? [.. values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))]
            : [];
}
