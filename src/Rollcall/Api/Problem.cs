using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Rollcall.Intake;

namespace Rollcall.Api;

/// <summary>Answers of <c>application/problem+json</c> (RFC 9457).</summary>
static class Problem
{
    /// <summary>A problem in one sentence.</summary>
    public static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(detail, statusCode: status);

    /// <summary>A problem with its errors.</summary>
    /// <param name="status">The status.</param>
    /// <param name="detail">The problem in one sentence.</param>
    /// <param name="errors">The errors, of which the first <see cref="InvalidInputException.MaxErrors"/> are named.</param>
    /// <param name="count">How many there are in all.</param>
    public static ProblemHttpResult Of(int status, string detail, IReadOnlyList<InputError> errors, long count)
    {
        var extensions = new Dictionary<string, object?>();
        if (count > 0)
        {
            extensions["errors"] = errors.Take(InvalidInputException.MaxErrors).ToArray();
            extensions["errorCount"] = count;
        }

        return TypedResults.Problem(detail, statusCode: status, extensions: extensions);
    }

    /// <summary>An input that cannot become a batch, with what is wrong.</summary>
    public static ProblemHttpResult Of(InvalidInputException exception) => Of(
        exception.IsTooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest,
        exception.Count == 1 ? exception.ToText() : exception.Message,
        exception.Errors,
        exception.Count);

    /// <summary>A batch that does not exist.</summary>
    public static ProblemHttpResult NoBatch(string id) => Of(StatusCodes.Status404NotFound, $"There is no batch '{id}'.");
}
