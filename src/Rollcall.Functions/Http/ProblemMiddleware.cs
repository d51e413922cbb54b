using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using Rollcall.Api.Responses;
using Rollcall.Storage;

namespace Rollcall.Functions.Http;

/// <summary>
/// Responds to a request whose function failed with a problem (RFC 9457) without a stack trace, which goes to the log.
/// </summary>
sealed partial class ProblemMiddleware(ILogger<ProblemMiddleware> logger) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (context.GetHttpContext() is { Response.HasStarted: false }
            && BatchFault.FindResponse(exception) is not null)
        {
            context.GetInvocationResult().Value = BatchFault.FindResponse(exception);
        }
        catch (Exception exception) when (context.GetHttpContext() is { Response.HasStarted: false })
        {
            LogFailure(context.FunctionDefinition.Name, exception);
            context.GetInvocationResult().Value = ResponseTo(exception);
        }
    }

    static IResult ResponseTo(Exception exception) => exception.GetBaseException() switch
    {
        DamagedDataException damaged => BatchFault.OfDamage(damaged),
        IOException => StorageFailed(),
        _ when exception is DamagedDataException damaged => BatchFault.OfDamage(damaged),
        _ when exception is IOException => StorageFailed(),
        _ => TypedResults.Problem("The request failed. The log has the reason.", statusCode: StatusCodes.Status500InternalServerError),
    };

    static ProblemHttpResult StorageFailed() =>
        TypedResults.Problem(
            "The storage account failed or did not respond. Nothing is lost: try again.",
            statusCode: StatusCodes.Status503ServiceUnavailable);

    [LoggerMessage(LogLevel.Error, "The function {Function} failed.")]
    partial void LogFailure(string function, Exception exception);
}
