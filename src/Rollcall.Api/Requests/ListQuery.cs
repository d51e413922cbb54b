using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollcall.Batches;
using Rollcall.Serialization;
using Rollcall.Storage;

namespace Rollcall.Api.Requests;

/// <summary>What a request for the list of batches asks for.</summary>
/// <param name="Status">How the batches are; null for any.</param>
/// <param name="Range">When they came.</param>
/// <param name="After">The key of the entry to go on after; null for the first page.</param>
sealed record ListQuery(BatchState? Status, CatalogRange Range, int Limit, string? After)
{
    const int DefaultLimit = 50;
    const int MaxLimit = 100;

    /// <summary>Reads the parameters from a request.</summary>
    /// <param name="query">The parameters.</param>
    /// <param name="error">What is wrong with them.</param>
    /// <returns>Whether they are valid.</returns>
    public static bool TryRead(HttpRequest request, [NotNullWhen(true)] out ListQuery? query, [NotNullWhen(false)] out string? error)
    {
        query = null;
        error = QueryNames.FindError(request, "status", "since", "until", "limit", "after");
        if (error is not null
            || !KebabCaseQuery.TryRead<BatchState>(request, "status", out var status, out error)
            || !TryReadTime(request, "since", out var since, out error)
            || !TryReadTime(request, "until", out var until, out error))
        {
            return false;
        }

        int limit = DefaultLimit;
        string? after = request.Query["after"];
        if (request.Query.TryGetValue("limit", out var text)
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit))
        {
            error = $"limit is '{text}': 1 to {MaxLimit} is allowed.";
        }
        else if (since >= until)
        {
            error = "since is not before until, so that no batch can be between them.";
        }
        else if (after is not null && CatalogEntry.Parse(after) is null)
        {
            error = "after is not the 'next' of a page.";
        }

        query = error is null ? new ListQuery(status, new CatalogRange(since, until), limit, after) : null;
        return error is null;
    }

    static bool TryReadTime(HttpRequest request, string name, out DateTimeOffset? time, [NotNullWhen(false)] out string? error)
    {
        string? text = request.Query[name];
        time = text is null ? null : Rfc3339.Find(text)?.ToUniversalTime();

        // In a query, a plus that is not encoded means a space.
        error = text is null || time is not null
            ? null
            : $"{name} is '{text}': a time of RFC 3339 is needed, such as 2026-01-31T12:00:00Z. A plus in it is written %2B.";
        return error is null;
    }
}
