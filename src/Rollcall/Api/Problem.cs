using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Rollcall.Intake;
using Rollcall.Serialization;

namespace Rollcall.Api;

/// <summary>Answers of <c>application/problem+json</c> (RFC 9457).</summary>
static class Problem
{
    /// <summary>A problem in one sentence.</summary>
    public static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(detail, statusCode: status);

    /// <summary>An input that cannot become a batch, with the lines that are wrong.</summary>
    public static ProblemHttpResult Of(InvalidInputException exception)
    {
        var extensions = new Dictionary<string, object?>();
        if (exception.Errors.Count > 0)
        {
            extensions["errors"] = exception.Errors.Select(error => new { line = error.Line, message = error.Message }).ToArray();
            extensions["errorCount"] = exception.Count;
        }

        return TypedResults.Problem(exception.Message, statusCode: StatusCodes.Status400BadRequest, extensions: extensions);
    }

    /// <summary>A batch whose state does not allow what is asked for.</summary>
    public static ProblemHttpResult WrongState(BatchStatus batch, string verb, IEnumerable<BatchState> allowed)
    {
        string state = KebabCase.Of(batch.Status);
        string states = string.Join(", ", allowed.Select(s => KebabCase.Of(s)));
        return TypedResults.Problem(
            $"Batch '{batch.Id}' is {state}, so it cannot be {verb}: that goes where it is {states}.",
            statusCode: StatusCodes.Status409Conflict,
            extensions: new Dictionary<string, object?> { ["batchStatus"] = state });
    }

    /// <summary>A batch that does not exist.</summary>
    public static ProblemHttpResult NoBatch(string id) => Of(StatusCodes.Status404NotFound, $"There is no batch '{id}'.");
}
