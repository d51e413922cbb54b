using System.Net.Http.Headers;

namespace Rollcall.Sending;

/// <summary>Headers that are lists (RFC 9110, section 5.6.1).</summary>
static class HeaderList
{
    /// <summary>The elements of a header, in order, over all its lines; empty ones are none.</summary>
    public static string[] Of(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values)
            ? [.. values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))]
            : [];
}
