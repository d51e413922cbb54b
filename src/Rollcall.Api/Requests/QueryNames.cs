using Microsoft.AspNetCore.Http;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>The names that a query may have. Unknown names are refused, because what they ask for would not be done.</summary>
static class QueryNames
{
    /// <summary>Whether a parameter belongs to the Functions host: the key, and the key's name.</summary>
    public static bool IsOfHost(string name) => name is "code" or "clientId";

    /// <summary>Finds a parameter that a request cannot have.</summary>
    /// <param name="known">The parameters that it can have.</param>
    /// <returns>A sentence about the first one; null if there is none.</returns>
    public static string? FindError(HttpRequest request, params string[] known) =>
        request.Query.Keys.FirstOrDefault(name => !IsOfHost(name) && !known.Contains(name)) is { } unknown
            ? $"{ShortText.Of(unknown)} {NearName.Describe(unknown, known)}"
            : null;
}
