using Microsoft.AspNetCore.Http;
using Rollcall.Storage;

namespace Rollcall.Api.Responses;

/// <summary>The responses to requests that fail because of one batch.</summary>
public static class BatchFault
{
    /// <summary>The <c>code</c> of the response to a request for damaged data.</summary>
    public const string DamagedCode = "data-damaged";

    /// <summary>Finds the response to a failed request.</summary>
    /// <param name="exception">Why the request failed.</param>
    /// <returns>404 for a batch that was deleted meanwhile, 409 for a damaged one; null if the batch is not the reason.</returns>
    public static IResult? FindResponse(Exception exception) => exception switch
    {
        BatchGoneException => Problem.Of(StatusCodes.Status404NotFound, exception.Message),
        DamagedBatchException damaged => OfDamage(damaged),
        InvalidDataException => Problem.Of(StatusCodes.Status409Conflict, $"What is stored of the batch is damaged: {exception.Message}"),
        _ => null,
    };

    /// <summary>The response to a request for damaged data of any kind.</summary>
    /// <returns>
    /// 409 for a damaged record of a batch, because that is the batch's state; otherwise 500. Both have the code <see cref="DamagedCode"/>.
    /// </returns>
    public static IResult OfDamage(DamagedDataException exception) => TypedResults.Problem(
        exception is DamagedBatchException damaged ? Describe(damaged) : exception.Message,
        statusCode: exception is DamagedBatchException ? StatusCodes.Status409Conflict : StatusCodes.Status500InternalServerError,
        extensions: new Dictionary<string, object?> { ["code"] = DamagedCode });

    /// <summary>Says what is damaged, and what to do about it.</summary>
    internal static string Describe(DamagedBatchException exception) => $"{exception.Message} Restore it, or delete the batch.";

    /// <summary>Responds to a request, whatever is wrong with its batch.</summary>
    internal static async Task<IResult> GuardAsync(Func<Task<IResult>> response)
    {
        try
        {
            return await response();
        }
        catch (Exception exception) when (FindResponse(exception) is not null)
        {
            return FindResponse(exception)!;
        }
    }
}
