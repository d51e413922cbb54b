using Microsoft.AspNetCore.Http;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>The names that a query may have. One that is not known is refused: what it was meant to ask for would not be done.</summary>
static class QueryNames
{
    /// <summary>Whether a parameter is the Functions host's own: the key, and its name.</summary>
    public static bool IsOfHost(string name) => name is "code" or "clientId";

    /// <summary>Finds a parameter that a request cannot have.</summary>
    /// <param name="known">Those that it can have.</param>
    /// <returns>A sentence about the first one; null where there is none.</returns>
    public static string? FindError(HttpRequest request, params string[] known) =>
        request.Query.Keys.FirstOrDefault(name => !IsOfHost(name) && !known.Contains(name)) is { } unknown
            ? $"{ShortText.Of(unknown)} {NearName.Describe(unknown, known)}"
            : null;
}
