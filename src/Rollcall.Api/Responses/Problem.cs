using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Rollcall.Batches;
using Rollcall.Serialization;
using Rollcall.Validation;

namespace Rollcall.Api.Responses;

/// <summary>Responses of type <c>application/problem+json</c> (RFC 9457).</summary>
static class Problem
{
    /// <summary>A problem in one sentence.</summary>
    public static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(detail, statusCode: status);

    /// <summary>The same, with a <c>code</c> for programs.</summary>
    public static ProblemHttpResult Of(int status, string detail, string code) =>
        TypedResults.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });

    /// <summary>An input that cannot become a batch, with its errors.</summary>
    public static ProblemHttpResult Of(InvalidInputException exception) =>
        Of(exception.IsTooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest, exception);

    /// <summary>The same, with a given status.</summary>
    public static ProblemHttpResult Of(int status, InvalidInputException exception) => TypedResults.Problem(
        exception.Count == 1 ? exception.ToText() : exception.Message,
        statusCode: status,
        extensions: exception.Count == 0
            ? []
            : new Dictionary<string, object?> { ["errors"] = exception.Errors, ["errorCount"] = exception.Count });

    /// <summary>A batch whose state does not allow the request.</summary>
    public static ProblemHttpResult WrongState(BatchStatus batch, string verb, IEnumerable<BatchState> allowed)
    {
        string[] names = [.. allowed.Select(state => KebabCase.Of(state))];
        string states = names is [var one] ? one : $"{string.Join(", ", names[..^1])} or {names[^1]}";
        return Conflict(
            batch,
            $"Batch '{batch.Id}' is {KebabCase.Of(batch.Status)}, so it cannot be {verb}: only a batch that is {states} can.");
    }

    /// <summary>A batch that does not allow the request.</summary>
    public static ProblemHttpResult Conflict(BatchStatus batch, string detail) => TypedResults.Problem(
        detail,
        statusCode: StatusCodes.Status409Conflict,
        extensions: new Dictionary<string, object?> { ["batchStatus"] = KebabCase.Of(batch.Status) });

    /// <summary>A batch that does not exist.</summary>
    public static ProblemHttpResult NoBatch(string id) => Of(StatusCodes.Status404NotFound, $"There is no batch '{id}'.");
}
