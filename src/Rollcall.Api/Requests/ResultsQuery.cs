using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollcall.Items;
using Rollcall.Results;

namespace Rollcall.Api.Requests;

/// <summary>Which results are requested, and in which format.</summary>
/// <param name="From">The index of the first item: 0 to the number of items.</param>
/// <param name="IsContiguous">Whether they end before the first item that has no written outcome yet.</param>
/// <param name="Statuses">How the items ended; empty for all.</param>
/// <param name="Codes">The items' error codes; empty for all, including items with no error.</param>
sealed record ResultsQuery(
    long From,
    bool IsContiguous,
    ResultFormat Format,
    IReadOnlySet<OutcomeStatus> Statuses,
    IReadOnlySet<ItemErrorCode> Codes)
{
    /// <summary>Reads a request's query.</summary>
    /// <param name="items">The number of items in the batch.</param>
    /// <param name="query">The parameters.</param>
    /// <param name="error">What is wrong with them, and what is allowed.</param>
    /// <returns>Whether they are valid.</returns>
    public static bool TryRead(
        HttpRequest request,
        long items,
        [NotNullWhen(true)] out ResultsQuery? query,
        [NotNullWhen(false)] out string? error)
    {
        query = null;
        error = QueryNames.FindError(request, RunQuery.Name, "from", "contiguous", "format", "status", "errorCode");
        if (error is not null
            || !TryReadFrom(request, items, out long from, out error)
            || !TryReadContiguous(request, out bool isContiguous, out error)
            || !KebabCaseQuery.TryRead<ResultFormat>(request, "format", out var format, out error)
            || !KebabCaseQuery.TryReadAll<OutcomeStatus>(request, "status", out var statuses, out error)
            || !KebabCaseQuery.TryReadAll<ItemErrorCode>(request, "errorCode", out var codes, out error))
        {
            return false;
        }

        query = new ResultsQuery(from, isContiguous, format ?? ResultFormat.Jsonl, statuses, codes);
        return true;
    }

    /// <summary>Whether a line is requested.</summary>
    public bool Wants(ResultLine line) =>
        line.Index >= From
        && (Statuses.Count == 0 || Statuses.Contains(line.Status))
        && (Codes.Count == 0 || (line.ErrorCode is { } code && Codes.Contains(code)));

    static bool TryReadFrom(HttpRequest request, long items, out long from, [NotNullWhen(false)] out string? error)
    {
        string? text = request.Query["from"];
        from = 0;
        error = text is null || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out from) && from <= items)
            ? null
            : $"from is '{text}': 0 to {items}, the number of items, is allowed.";
        return error is null;
    }

    static bool TryReadContiguous(HttpRequest request, out bool isContiguous, [NotNullWhen(false)] out string? error)
    {
        string? text = request.Query["contiguous"];
        isContiguous = text == "true";
        error = text is null or "true" or "false" ? null : $"contiguous is '{text}': true, false are allowed.";
        return error is null;
    }
}
